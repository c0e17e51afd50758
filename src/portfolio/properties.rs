//! What holds for every organisation, over random ones; and the worked rules of one.

use super::tests::{Random, entry, rate, settings};
use super::*;
use crate::account::{Currency, Input, Value};
use crate::field::{Level, Stage};
use crate::finding::Code;
use std::sync::Arc;

fn number(number: f64) -> Input {
    Input::Known(Value::Number(number))
}

fn built<'a>(entries: &[Entry<'a>], settings: &Settings) -> Portfolio<'a> {
    build(entries, settings, &|merged| rate(&merged.measures))
}

const DEPARTMENTS: &[&str] = &["Archive", "Bids", "Claims", "Export"];
const MANAGERS: &[&str] = &["Ana Costa", "Costa, Ana", "Bob Lee", "Jürgen Groß", "Juergen Gross", ""];

/// An organisation in which everything happens: clients in several departments, duplicates, lines, missing and wrong
/// inputs, negative amounts, overrides, prospects, two currencies.
fn organisation<'a>(random: &mut Random, names: &'a [String], currencies: &[Option<Currency>]) -> Vec<Entry<'a>> {
    let rows = random.below(90);
    let mut entries: Vec<Entry> = Vec::new();
    for index in 0..rows {
        if !entries.is_empty() && random.below(15) == 0 {
            let mut again = entries[random.below(entries.len())];
            again.source.account = index;
            again.source.row = index as u32 + 1;
            entries.push(again);
            continue;
        }
        let mut row = entry(index, random.one_of(DEPARTMENTS), &names[random.below(names.len())]);
        let mut input = |most: usize| match random.below(6) {
            0 => Input::Missing,
            1 if most < 4 => Input::Wrong,
            _ => number(random.below(most + 1) as f64),
        };
        row.measures.our_contacts = input(3);
        row.measures.client_contacts = input(3);
        row.measures.meetings = input(3);
        row.measures.survey_score = input(10);
        row.measures.revenue_last_year = input(40);
        row.measures.target = input(50);
        row.measures.revenue_current = input(60);
        if random.below(12) == 0 {
            row.measures.revenue_last_year = number(-3.25);
        }
        if random.below(4) > 0 {
            row.measures.decision_level = Input::Known(Value::Level(random.one_of(&Level::ALL)));
        }
        row.account_manager = Some(random.one_of(MANAGERS));
        row.client_id = random.one_of(&[None, None, Some("K1"), Some("K2")]);
        row.currency = random.one_of(currencies);
        row.stage = random.one_of(&[Stage::Active, Stage::Active, Stage::Active, Stage::Prospect, Stage::Former]);
        row.rated = rate(&row.measures);
        row.overridden = random.below(10) == 0;
        row.shown = if row.overridden { random.one_of(&Status::ALL[..3]) } else { row.rated.status };
        entries.push(row);
    }
    entries
}

fn for_random_organisations(check: impl Fn(&mut Random, &[Entry], &Settings)) {
    let names: Vec<String> = super::tests::company_names(25, 3);
    for seed in 0..150 {
        let mut random = Random(seed);
        let gbp = Some(Currency(*b"GBP"));
        let currencies: &[Option<Currency>] = if seed % 3 == 0 { &[None, gbp] } else { &[None] };
        let entries = organisation(&mut random, &names, currencies);
        let settings = Settings {
            basis: random.one_of(&[
                Basis::RevenueLastYear,
                Basis::RevenueLastYear,
                Basis::RevenueCurrent,
                Basis::Target,
            ]),
            key_share: random.one_of(&[0.8, 0.5, 0.95]),
            ids: random.one_of(&[Ids::Organisation, Ids::Department]),
            ..settings()
        };
        check(&mut random, &entries, &settings);
    }
}

#[test]
fn shares_sum_to_one_and_key_accounts_are_the_smallest_leading_set() {
    for_random_organisations(|_, entries, settings| {
        let portfolio = built(entries, settings);
        let mut units: Vec<Unit> =
            portfolio.clients.iter().flat_map(|client| client.standings.iter().map(|(unit, _)| *unit)).collect();
        units.sort_unstable();
        units.dedup();
        for unit in units {
            let standing = |client: &Client| client.standings.iter().find(|(own, _)| *own == unit).map(|(_, s)| *s);
            let mut ranked: Vec<(Standing, f64)> = portfolio
                .clients
                .iter()
                .filter_map(|client| {
                    Some((standing(client)?, client.merged.amounts(settings.basis.field()).get(unit)?))
                })
                .collect();
            ranked.sort_by_key(|(standing, _)| standing.rank);
            assert!(ranked.iter().enumerate().all(|(place, (standing, _))| standing.rank == place + 1));
            assert!(ranked.windows(2).all(|pair| pair[0].1 >= pair[1].1), "by revenue");
            assert!((ranked.iter().map(|(standing, _)| standing.share).sum::<f64>() - 1.0).abs() < 1e-9);
            // Amounts are whole and shares have two digits: integers decide, not rounding.
            let cents = |amount: f64| (amount * 100.0).round() as u64;
            let total: u64 = ranked.iter().map(|(_, amount)| cents(*amount)).sum();
            let wanted = (settings.key_share * 100.0).round() as u64;
            let keys = ranked.iter().take_while(|(standing, _)| standing.key).count();
            assert_eq!(keys, ranked.iter().filter(|(standing, _)| standing.key).count(), "a leading set");
            let sum = |count: usize| ranked[..count].iter().map(|(_, amount)| cents(*amount)).sum::<u64>() * 100;
            assert!(sum(keys) >= wanted * total, "reaches the share");
            assert!(sum(keys - 1) < wanted * total, "and is the smallest that does");
        }
    });
}

#[test]
fn departments_and_managers_reconcile_to_all_accounts() {
    for_random_organisations(|_, entries, settings| {
        let portfolio = built(entries, settings);
        for groups in [&portfolio.departments, &portfolio.managers] {
            for pick in [|b: &Breakdown| b.all.clone(), |b: &Breakdown| b.key.clone(), |b: &Breakdown| b.rest.clone()] {
                let whole = pick(&portfolio.all_accounts);
                let parts: Vec<Totals> = groups.iter().map(|group| pick(&group.totals)).collect();
                let count = |of: fn(&Totals) -> usize| parts.iter().map(of).sum::<usize>() == of(&whole);
                assert!(count(|t| t.count) && count(|t| t.scored) && count(|t| t.not_scored()));
                assert!(count(|t| t.kpi_met) && count(|t| t.one_point_away) && count(|t| t.worry));
                for status in 0..4 {
                    assert_eq!(parts.iter().map(|t| t.distribution[status]).sum::<usize>(), whole.distribution[status]);
                }
                for money in &whole.money {
                    let sums: [fn(&Money) -> f64; 8] = [
                        |m| m.revenue,
                        |m| m.scored,
                        |m| m.kpi_met,
                        |m| m.at_risk.evident,
                        |m| m.at_risk.want_of_data,
                        |m| m.worry.evident,
                        |m| m.worry.want_of_data,
                        |m| m.new,
                    ];
                    for of in sums {
                        let sum: f64 =
                            parts.iter().flat_map(|t| &t.money).filter(|m| m.unit == money.unit).map(of).sum();
                        assert!((sum - of(money)).abs() < 1e-6);
                    }
                }
            }
            let mut members: Vec<usize> = groups.iter().flat_map(|group| group.accounts.iter().copied()).collect();
            members.sort_unstable();
            assert_eq!(members, (0..portfolio.accounts.len()).collect::<Vec<_>>());
        }
    });
}

#[test]
fn every_row_and_client_is_counted_once() {
    for_random_organisations(|_, entries, settings| {
        let portfolio = built(entries, settings);
        let step = &portfolio.reconciliation;
        assert_eq!(step.rows, entries.len());
        assert_eq!(step.rows, step.not_active + step.duplicates + step.further_lines + step.accounts);
        assert_eq!((step.accounts, step.clients), (portfolio.accounts.len(), portfolio.clients.len()));
        assert_eq!(portfolio.organisation.all.count, step.clients);
        let several = portfolio.clients.iter().filter(|client| client.accounts.len() > 1);
        assert_eq!(several.clone().count(), step.in_several_departments);
        assert_eq!(step.accounts - step.clients, several.map(|client| client.accounts.len() - 1).sum::<usize>());
        let mut accounts: Vec<usize> = portfolio.clients.iter().flat_map(|client| client.accounts.clone()).collect();
        accounts.sort_unstable();
        assert_eq!(accounts, (0..portfolio.accounts.len()).collect::<Vec<_>>());
        let counted = portfolio.rows.iter().filter(|row| matches!(row.role, Role::Counted)).count();
        assert_eq!(counted, step.accounts);
        for (row, entry) in portfolio.rows.iter().zip(entries) {
            assert_eq!(row.account.is_some(), entry.stage == Stage::Active);
            let Some(account) = row.account else { continue };
            assert_eq!(Some(portfolio.accounts[account].client), row.client);
            let department = &portfolio.departments[portfolio.accounts[account].department];
            assert_eq!(department.name, Some(entry.department));
        }
        for revenue in &step.revenue {
            let of = |totals: &Totals| {
                totals.money.iter().find(|money| money.unit == revenue.unit).map_or(0.0, |money| money.revenue)
            };
            assert!((of(&portfolio.all_accounts.all) - revenue.accounts).abs() < 1e-6);
            assert!((of(&portfolio.organisation.all) - revenue.clients).abs() < 1e-6);
            assert!((revenue.accounts - revenue.counted_once - revenue.netted - revenue.clients).abs() < 1e-6);
            assert!(revenue.netted > -1e-6, "{revenue:?}");
        }
    });
}

#[test]
fn the_order_of_the_entries_does_not_matter() {
    for_random_organisations(|random, entries, settings| {
        let straight = built(entries, settings);
        let mut order: Vec<usize> = (0..entries.len()).collect();
        for place in (1..order.len()).rev() {
            order.swap(place, random.below(place + 1));
        }
        let shuffled: Vec<Entry> = order.iter().map(|&index| entries[index]).collect();
        let mut other = built(&shuffled, settings);
        let rows: Vec<RowFacts> = (0..entries.len())
            .map(|index| other.rows[order.iter().position(|&from| from == index).unwrap()].clone())
            .collect();
        other.rows = rows;
        let merged = other.accounts.iter_mut().map(|account| &mut account.merged);
        for merged in merged.chain(other.clients.iter_mut().map(|client| &mut client.merged)) {
            let merged = Arc::make_mut(merged);
            merged.entries = merged.entries.iter().map(|&index| order[index]).collect();
        }
        assert_eq!(straight, other);
    });
}

fn codes(portfolio: &Portfolio) -> Vec<Code> {
    portfolio.findings.iter().map(|located| located.finding.code).collect()
}

#[test]
fn one_client_in_two_departments() {
    let mut sales = entry(1, "Sales", "Acme Ltd");
    sales.measures.our_contacts = number(1.0);
    sales.measures.client_contacts = number(2.0);
    sales.measures.meetings = number(1.0);
    sales.measures.decision_level = Input::Known(Value::Level(Level::Senior));
    sales.measures.survey_score = number(8.0);
    sales.measures.revenue_last_year = number(100.0);
    sales.account_manager = Some("Bob Lee");
    sales.comments = Some("asks for prices");
    let mut service = entry(1, "Export", "ACME Limited");
    service.measures.our_contacts = number(3.0);
    service.measures.client_contacts = number(1.0);
    service.measures.meetings = number(1.0);
    service.measures.revenue_last_year = number(300.0);
    service.account_manager = Some("Ana Costa");
    for row in [&mut sales, &mut service] {
        row.rated = rate(&row.measures);
        row.shown = row.rated.status;
    }
    let portfolio = built(&[sales, service], &settings());
    let [client] = portfolio.clients.as_slice() else { panic!("{:?}", portfolio.clients) };
    assert_eq!(client.rated.score, Some(5.0)); // contacts 3 and 2, meetings 1 + 1, senior, survey 8
    assert_eq!(client.merged.measures.revenue_last_year, number(400.0));
    let managers: Vec<_> = client.managers.iter().map(|&manager| portfolio.managers[manager].name).collect();
    assert_eq!(managers, [Some("Ana Costa"), Some("Bob Lee")]);
    let lowest = &portfolio.accounts[client.lowest.unwrap()];
    assert_eq!((portfolio.departments[lowest.department].name, lowest.rated.score), (Some("Export"), Some(1.0)));
    assert!(client.account_at_risk && client.at_risk().is_none());
    assert_eq!(client.comments.len(), 1);
    assert_eq!(codes(&portfolio), [Code::Conflict, Code::Conflict]); // our contacts, client contacts
    assert_eq!(portfolio.findings[0].cells.len(), 2);
    assert_eq!(portfolio.findings[0].cells[0].to_string(), "Export, Clients!D3");
    assert_eq!((portfolio.reconciliation.accounts, portfolio.reconciliation.in_several_departments), (2, 1));
    assert_eq!(portfolio.departments[0].totals.all.money[0].at_risk, TwoParts { evident: 0.0, want_of_data: 300.0 });
}

#[test]
fn surveys_of_different_days_are_no_conflict() {
    let row = |department, score: f64, day: Option<i32>| {
        let mut row = entry(1, department, "Acme");
        row.measures.survey_score = number(score);
        row.measures.survey_date = day.map_or(Input::Missing, |day| Input::Known(Value::Date(day)));
        row
    };
    for (a, b, conflicts) in [
        ((9.0, Some(5)), (4.0, Some(3)), 0),
        ((9.0, Some(5)), (4.0, Some(5)), 1),
        ((9.0, Some(5)), (4.0, None), 1),
        ((9.0, None), (4.0, None), 1),
        ((9.0, None), (9.0, None), 0),
    ] {
        let portfolio = built(&[row("Sales", a.0, a.1), row("Export", b.0, b.1)], &settings());
        assert_eq!(portfolio.findings.len(), conflicts, "{a:?} {b:?}");
    }
}

#[test]
fn the_worst_live_override_is_shown() {
    let row = |department, shown, overridden| Entry { shown, overridden, ..entry(1, department, "Acme") };
    for (a, b, expected) in [
        ((Status::Strong, true), (Status::Watch, true), (Status::Watch, true)),
        ((Status::Strong, true), (Status::AtRisk, false), (Status::Strong, true)),
        ((Status::NotScored, false), (Status::NotScored, false), (Status::NotScored, false)),
    ] {
        let portfolio = built(&[row("Sales", a.0, a.1), row("Export", b.0, b.1)], &settings());
        assert_eq!((portfolio.clients[0].shown, portfolio.clients[0].overridden), expected, "{a:?} {b:?}");
    }
}

#[test]
fn duplicate_rows_count_once_and_lines_add_up() {
    let row = |index, revenue: f64| {
        let mut row = entry(index, "Sales", "Acme");
        row.measures.revenue_last_year = number(revenue);
        row.measures.meetings = number(revenue / 10.0);
        row
    };
    let portfolio = built(&[row(1, 10.0), row(2, 10.0), row(3, 20.0)], &settings());
    assert_eq!(
        portfolio.rows.iter().map(|row| row.role).collect::<Vec<_>>(),
        [Role::Counted, Role::Duplicate, Role::Line]
    );
    assert_eq!(codes(&portfolio), [Code::SeveralRows, Code::DuplicateRow]);
    let [account] = portfolio.accounts.as_slice() else { panic!("{:?}", portfolio.accounts) };
    assert_eq!(account.merged.measures.revenue_last_year, number(30.0));
    assert_eq!(account.merged.measures.meetings, number(2.0));
    assert_eq!(account.rated.score, Some(1.0), "rated on the lines together");
}

#[test]
fn running_numbers_make_no_other_row_and_no_id() {
    let row = |index, name, id| {
        let mut row = Entry { client_id: Some(id), ..entry(index, "Sales", name) };
        row.measures.revenue_last_year = number(10.0);
        row
    };
    let portfolio = built(&[row(1, "Acme", "1"), row(2, "Globex", "2"), row(3, "Acme", "3")], &settings());
    assert_eq!(portfolio.rows[2].role, Role::Duplicate);
    assert_eq!(portfolio.organisation.all.money[0].revenue, 20.0);
    assert!(portfolio.clients.iter().all(|client| client.ids.is_empty()));
    let portfolio = built(&[row(1, "Acme", "K1"), row(2, "Globex", "K2")], &settings());
    assert_eq!(portfolio.clients[0].ids, ["K1"]);
}

#[test]
fn prospects_and_former_clients_are_not_counted() {
    let row = |index, name, stage| Entry { stage, ..entry(index, "Sales", name) };
    let rows = [row(1, "Acme", Stage::Former), row(2, "Acme", Stage::Active), row(3, "Globex", Stage::Prospect)];
    let portfolio = built(&rows, &settings());
    assert_eq!((portfolio.clients.len(), portfolio.reconciliation.not_active), (1, 2));
    assert_eq!((portfolio.rows[0].client, portfolio.rows[0].account), (Some(0), None));
    assert_eq!(portfolio.rows[2].client, None);
    assert_eq!(codes(&portfolio), [Code::Conflict]);
}

#[test]
fn currencies_are_apart_or_converted() {
    let row = |index, name, code: Option<&[u8; 3]>, revenue: f64| {
        let mut row = entry(index, "Sales", name);
        row.currency = code.map(|code| Currency(*code));
        row.measures.revenue_last_year = number(revenue);
        row
    };
    let rows =
        [row(1, "Acme", Some(b"EUR"), 80.0), row(2, "Globex", Some(b"GBP"), 80.0), row(3, "Initech", None, 20.0)];
    let portfolio = built(&rows, &settings());
    assert_eq!(codes(&portfolio), [Code::MixedCurrency, Code::CurrencyUnknown]);
    assert!(portfolio.clients.iter().all(|client| client.standings[0].1.share == 1.0));
    let mut settings = Settings { currency: Some(Currency(*b"EUR")), ..settings() };
    let portfolio = built(&rows, &settings);
    assert_eq!(codes(&portfolio), [Code::MixedCurrency]);
    assert_eq!(portfolio.rows.iter().map(|row| row.share).collect::<Vec<_>>(), [Some(0.8), Some(1.0), Some(0.2)]);
    settings.rates.insert(Currency(*b"GBP"), 1.25);
    let portfolio = built(&rows, &settings);
    assert_eq!(codes(&portfolio), []);
    assert_eq!(portfolio.organisation.all.money[0].revenue, 200.0);
    assert_eq!(portfolio.clients[0].name, "Globex");
    assert_eq!(portfolio.rows.iter().map(|row| row.key).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn new_clients_stand_outside_the_key_accounts() {
    let row = |index, name, revenue: f64, target: f64| {
        let mut row = entry(index, "Sales", name);
        row.measures.revenue_last_year = number(revenue);
        row.measures.target = number(target);
        row
    };
    let rows = [
        row(1, "Acme", 50.0, 60.0),
        row(2, "Globex", 0.0, 40.0),
        row(3, "Initech", 30.0, 0.0),
        row(4, "Zero", 0.0, 0.0),
    ];
    for basis in [Basis::RevenueLastYear, Basis::Target] {
        let portfolio = built(&rows, &Settings { basis, ..settings() });
        let globex = portfolio.clients.iter().find(|client| client.name == "Globex").unwrap();
        let new = globex.new.as_ref().unwrap();
        assert_eq!((new.amounts.get(None), new.ranks.as_slice()), (Some(40.0), &[(None, 2)][..]));
        assert!(globex.standings.is_empty() && portfolio.rows[1].new && !portfolio.rows[1].key);
        assert_eq!(portfolio.organisation.all.money[0].new, 40.0);
        assert_eq!(portfolio.organisation.all.money[0].revenue, 80.0);
    }
}

#[test]
fn an_empty_organisation_is_no_error() {
    let portfolio = built(&[], &settings());
    assert_eq!((portfolio.clients.len(), portfolio.departments.len(), portfolio.managers.len()), (0, 0, 0));
    assert_eq!(portfolio.organisation.all.kpi_attainment(), None);
}

/// `cargo test --lib portfolio_cost -- --ignored --nocapture` prints what the whole costs.
#[test]
#[ignore = "a measurement"]
fn portfolio_cost() {
    let names = super::tests::company_names(100_000, 11);
    for count in [1_000, 10_000, 100_000] {
        let mut random = Random(1);
        let entries: Vec<Entry> = (0..count)
            .map(|index| {
                let mut row = entry(index, random.one_of(DEPARTMENTS), &names[index]);
                row.measures.revenue_last_year = number(random.below(1_000_000) as f64);
                row.measures.our_contacts = number(random.below(4) as f64);
                row.account_manager = Some(random.one_of(MANAGERS));
                row.rated = rate(&row.measures);
                row
            })
            .collect();
        let start = std::time::Instant::now();
        let portfolio = built(&entries, &settings());
        println!("{count} rows: {:?}, {} clients", start.elapsed(), portfolio.clients.len());
    }
    let same: Vec<Entry> = (0..50_000)
        .map(|index| {
            let mut row = entry(index, "Sales", "Acme");
            row.measures.revenue_last_year = number(index as f64);
            row
        })
        .collect();
    let start = std::time::Instant::now();
    let portfolio = built(&same, &settings());
    println!("one client in {} rows: {:?}, {} account", same.len(), start.elapsed(), portfolio.accounts.len());
}
