//! Snapshots in few words, for tests.

use super::snapshot::{Client, Delivered, Delivery, Fact, Listed, Snapshot};
use crate::field::{Stage, Status};
use crate::portfolio::Amounts;

/// A client with its score all in meetings.
pub(super) fn listed(department: &str, name: &str, score: f64) -> Listed {
    Listed {
        department: department.to_owned(),
        name: name.to_owned(),
        id: None,
        client: None,
        manager: Some("Ana Costa".to_owned()),
        stage: Stage::Active,
        let_go: false,
        card: "Client retention matrix".to_owned(),
        inputs: [("meetings".into(), Fact::Number(score))].into_iter().collect(),
        points: [("meetings".into(), score)].into_iter().collect(),
        score: Some(score),
        maximum: 6.0,
        computed: Status::Watch,
        shown: Status::Watch,
        worry: Some(score <= 4.0),
        kpi_met: Some(score >= 4.0),
        last_year: Amounts::default(),
        target: Amounts::default(),
        current: Amounts::default(),
        places: Default::default(),
        overrides: Vec::new(),
    }
}

impl Listed {
    pub(super) fn id(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    pub(super) fn stage(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    pub(super) fn client(mut self, number: usize) -> Self {
        self.client = Some(number);
        self
    }

    pub(super) fn money(mut self, last_year: f64, current: Option<f64>) -> Self {
        self.last_year = Amounts::of(None, last_year);
        self.current = current.map(|current| Amounts::of(None, current)).unwrap_or_default();
        self
    }
}

/// A month in which these were listed; every department of them delivered in full.
pub(super) fn snapshot(month: &str, accounts: &[Listed]) -> Snapshot {
    let mut accounts = accounts.to_vec();
    let mut clients = Vec::new();
    for account in accounts.iter_mut().filter(|account| account.is_client()) {
        let number = *account.client.get_or_insert(clients.len());
        let client = Client {
            name: account.name.clone(),
            score: account.score,
            maximum: account.maximum,
            shown: account.shown,
            kpi_met: account.kpi_met,
            key: false,
        };
        match clients.get_mut(number) {
            Some(old) => *old = client,
            None => clients.push(client),
        }
    }
    let names: std::collections::BTreeSet<_> = accounts.iter().map(|account| account.department.clone()).collect();
    Snapshot {
        month: month.parse().unwrap(),
        scorecard: "one".to_owned(),
        scorecard_text: "the scorecard".to_owned(),
        fiscal_start: 1,
        full_year: false,
        departments: names.into_iter().map(|department| Delivery { department, delivered: Delivered::Full }).collect(),
        clients,
        accounts,
        cards: Vec::new(),
        lists: Vec::new(),
        actions: Vec::new(),
    }
}

/// Says how much of a department there was.
pub(super) fn delivered(mut snapshot: Snapshot, department: &str, delivered: Delivered) -> Snapshot {
    snapshot.departments.retain(|own| own.department != department);
    snapshot.departments.push(Delivery { department: department.to_owned(), delivered });
    snapshot
}
