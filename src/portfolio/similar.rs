//! Names that may be one client: found in nearly linear time, reported, never merged by themselves.

use super::name::Folded;
use rayon::prelude::*;
use smallvec::SmallVec;

/// Shorter names are not compared letter by letter: "Ikea" and "Idea" are two.
const ONE_EDIT_FROM: usize = 5;
/// Shorter names are not compared with two edits: "Hotel Roma" and "Hotel Riga" are two.
const TWO_EDITS_FROM: usize = 12;
/// Longer texts are no names: they are similar when they are equal but for spaces and order, or comparing one pair of
/// 32,767 letters would take seconds.
const LONGEST: usize = 100;
/// How many neighbours in sorted order are compared with two edits.
const WINDOW: usize = 4;
/// Longer runs of names with one key are compared with their neighbours only, or a thousand equal keys cost a million pairs.
const BLOCK: usize = 30;

/// Words that a group adds to its name or leaves out.
const GROUP_WORDS: &[&str] =
    &["group", "gruppe", "groep", "groupe", "grupo", "gruppo", "holding", "holdings", "international", "company", "co"];

/// A name prepared for comparison. There are as many as clients, so that each holds as few texts as can be.
#[derive(Debug)]
struct Prepared {
    /// Without spaces.
    text: String,
    /// Its letters.
    length: usize,
    /// Words in alphabetical order.
    words: String,
    /// Words that tell twins apart: numbers, Roman numerals, single letters.
    numbers: String,
    /// The words without those that groups add, where there is any such word; empty where nothing else is left.
    bare: Option<String>,
}

impl Prepared {
    fn new(base: &str) -> Self {
        let mut words: SmallVec<[&str; 8]> = base.split(' ').collect();
        words.sort_unstable();
        let numbers: SmallVec<[&str; 8]> = words.iter().copied().filter(|word| tells_apart(word)).collect();
        let kept: SmallVec<[&str; 8]> = words.iter().copied().filter(|word| !GROUP_WORDS.contains(word)).collect();
        let text = base.replace(' ', "");
        Self {
            length: text.chars().count(),
            text,
            bare: (kept.len() < words.len()).then(|| kept.join(" ")),
            numbers: numbers.join(" "),
            words: words.join(" "),
        }
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.words.split(' ')
    }

    /// What is left without the words that groups add, if anything is.
    fn bare(&self) -> Option<&str> {
        Some(self.bare.as_deref().unwrap_or(&self.words)).filter(|bare| !bare.is_empty())
    }

    /// Under these it may stand beside a similar one.
    fn keys(&self, mut add: impl FnMut(u64)) {
        add(key('w', self.words.chars()));
        if let Some(bare) = self.bare() {
            add(key('g', bare.chars()));
        }
        add(key('e', self.text.chars()));
        if (ONE_EDIT_FROM..=LONGEST).contains(&self.length) {
            let letters: SmallVec<[char; 64]> = self.text.chars().collect();
            keys_less_one('e', &letters, add);
        }
    }
}

/// "2", "b2b", "iii" and "b" tell "Unit B" from "Unit C"; a typo never does.
fn tells_apart(word: &str) -> bool {
    let roman = word.len() <= 5 && word.chars().all(|c| "ivx".contains(c));
    roman || word.chars().any(char::is_numeric) || word.chars().count() == 1
}

fn near(a: &Prepared, b: &Prepared) -> bool {
    if a.numbers != b.numbers {
        return false;
    }
    if a.text == b.text || a.words == b.words {
        return true;
    }
    if (a.bare.is_some() || b.bare.is_some()) && a.bare().is_some() && a.bare() == b.bare() {
        return true;
    }
    let edits = match a.length.min(b.length) {
        ..ONE_EDIT_FROM | LONGEST.. => return false,
        TWO_EDITS_FROM.. => 2,
        ONE_EDIT_FROM.. => 1,
    };
    a.length.abs_diff(b.length) <= edits && strsim::osa_distance(&a.text, &b.text) <= edits
}

/// Whether two unequal names are similar enough that one may be a spelling of the other.
pub(crate) fn similar(a: &Folded, b: &Folded) -> bool {
    let near_any = |x: &str| b.spellings().any(|y| near(&Prepared::new(x), &Prepared::new(y)));
    a.spellings().any(near_any)
}

/// Whether one name's words are all in the other's and nothing but words is added: "Acme" and "Acme Deutschland".
/// Enough to join rows of one id; too weak to report without.
pub(crate) fn contained(a: &Folded, b: &Folded) -> bool {
    let [a, b] = [a, b].map(|name| Prepared::new(&name.base));
    let (short, long) = if a.words().count() <= b.words().count() { (a, b) } else { (b, a) };
    let substance = short.words().any(|word| word.chars().count() >= 3 && !tells_apart(word));
    short.numbers == long.numbers && substance && short.words().all(|word| long.words().any(|other| other == word))
}

/// Every pair of similar names, by index, first below second, sorted. The names must differ from each other.
///
/// Complete for one edit (typo, swapped letters), other spacing, other order of words and words that groups add, unless
/// more than thirty names share all but one letter; with two edits it finds those that stand near each other when sorted from the front or from the back.
pub(super) fn similar_pairs(names: &[&Folded]) -> Vec<(usize, usize)> {
    // A name with two spellings (ä, ae) stands in here twice.
    let spelled = |(index, name): (usize, &&Folded)| {
        name.spellings().map(|spelling| (index, Prepared::new(spelling))).collect::<SmallVec<[_; 1]>>()
    };
    let (owner, prepared): (Vec<usize>, Vec<Prepared>) =
        names.par_iter().enumerate().map(spelled).flatten_iter().unzip();
    let mut pairs = Vec::new();
    let mut compare = |a: usize, b: usize| {
        let pair = (owner[a].min(owner[b]), owner[a].max(owner[b]));
        if pair.0 != pair.1 && near(&prepared[a], &prepared[b]) {
            pairs.push(pair);
        }
    };

    for block in shared_keys(&prepared).chunk_by(|a, b| a.0 == b.0) {
        for (place, &(_, a)) in block.iter().enumerate() {
            for &(_, b) in block[place + 1..].iter().take(BLOCK) {
                compare(a, b);
            }
        }
    }

    let long: Vec<usize> = (0..prepared.len()).filter(|&index| prepared[index].length >= TWO_EDITS_FROM).collect();
    let (forwards, backwards) = rayon::join(
        || sorted(&long, |index| prepared[index].text.bytes()),
        || sorted(&long, |index| prepared[index].text.bytes().rev()),
    );
    for order in [forwards, backwards] {
        for (place, &a) in order.iter().enumerate() {
            for &b in order[place + 1..].iter().take(WINDOW) {
                compare(a, b);
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The keys that two names or more have, with the names, sorted; a few that one name has may be among them.
fn shared_keys(names: &[Prepared]) -> Vec<(u64, usize)> {
    // A name has some twenty keys and shares next to none, so they are counted before any is kept: 0, 1, or 2 and more.
    let count: usize = names.iter().map(|name| name.length + 3).sum();
    let slots = (count * 4).next_power_of_two().max(64);
    let (mut once, mut again) = (vec![0u64; slots / 64], vec![0u64; slots / 64]);
    let slot = |key: u64| {
        let slot = (key.wrapping_mul(BASE) >> 16) as usize & (slots - 1);
        (slot / 64, 1u64 << (slot % 64))
    };
    for name in names {
        name.keys(|key| {
            let (word, bit) = slot(key);
            again[word] |= once[word] & bit;
            once[word] |= bit;
        });
    }
    let mut keys: Vec<(u64, usize)> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        name.keys(|key| {
            let (word, bit) = slot(key);
            if again[word] & bit != 0 {
                keys.push((key, index));
            }
        });
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The numbers of texts in the order of the texts. Their first letters settle most of it without a look at the texts.
fn sorted<T: Iterator<Item = u8>>(numbers: &[usize], text: impl Fn(usize) -> T) -> Vec<usize> {
    let head = |index: usize| {
        let mut head = [0; 16];
        head.iter_mut().zip(text(index)).for_each(|(place, byte)| *place = byte);
        u128::from_be_bytes(head)
    };
    let mut keyed: Vec<(u128, usize)> = numbers.iter().map(|&index| (head(index), index)).collect();
    keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| text(a.1).cmp(text(b.1))).then(a.1.cmp(&b.1)));
    keyed.into_iter().map(|(_, index)| index).collect()
}

/// A hash, only to bring names together that are compared afterwards: a collision costs a comparison, never a result.
fn key(kind: char, text: impl Iterator<Item = char>) -> u64 {
    of_kind(kind, text.fold(0, push))
}

/// The keys of a name with each of its letters left out; letter by letter the whole would be hashed over and over.
fn keys_less_one(kind: char, letters: &[char], mut add: impl FnMut(u64)) {
    // what stands behind a letter, and what a start weighs with so many letters behind it
    let mut behind: SmallVec<[(u64, u64); 64]> = SmallVec::with_capacity(letters.len());
    let (mut hash, mut weight) = (0u64, 1u64);
    for &letter in letters.iter().rev() {
        behind.push((hash, weight));
        hash = push(0, letter).wrapping_mul(weight).wrapping_add(hash);
        weight = weight.wrapping_mul(BASE);
    }
    let mut start = 0u64;
    for (&letter, &(behind, weight)) in letters.iter().zip(behind.iter().rev()) {
        add(of_kind(kind, start.wrapping_mul(weight).wrapping_add(behind)));
        start = push(start, letter);
    }
}

/// Of the polynomial that a text's letters are the coefficients of.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

fn push(hash: u64, letter: char) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(u64::from(u32::from(letter)) + 1)
}

fn of_kind(kind: char, hash: u64) -> u64 {
    hash.wrapping_add(u64::from(u32::from(kind)) << 56)
}

#[cfg(test)]
mod tests {
    use super::super::name::test_words;
    use super::*;

    fn folded(names: &[&str]) -> Vec<Folded> {
        let words = test_words();
        names.iter().map(|name| words.client(name)).collect()
    }

    const SIMILAR: &[(&str, &str)] = &[
        ("Northwind Traders", "Nortwind Traders"),
        ("Northwind Traders", "Northwind Tradesr"),
        ("Contoso", "Contosso"),
        ("Coca Cola", "CocaCola"),
        ("Nova Bank", "Bank Nova"),
        ("Acme Group", "Acme"),
        ("Acme Holding", "Acme International"),
        ("Mueller Transporte", "Muller Transporte"),
        ("Kowalski Transport", "Kowalsky Transports"),
        ("Unit 7 Logistics", "Unit 7 Logistic"),
    ];

    const APART: &[(&str, &str)] = &[
        ("Fund 1", "Fund 2"),
        ("Studio 54 Berlin", "Studio 55 Berlin"),
        ("Fund Alpha II", "Fund Alpha III"),
        ("Warehouse B", "Warehouse C"),
        ("Ikea", "Idea"),
        ("Hotel Roma", "Hotel Riga"),
        ("Acme", "Contoso"),
        ("Acme", "Acme Deutschland"),
    ];

    #[test]
    fn keys_of_a_name_with_a_letter_left_out() {
        let letters: Vec<char> = "straße".chars().collect();
        let mut expected: Vec<u64> = (0..letters.len())
            .map(|left_out| {
                let kept = letters.iter().enumerate().filter(|(place, _)| *place != left_out);
                key('e', kept.map(|(_, letter)| *letter))
            })
            .collect();
        let mut found = Vec::new();
        keys_less_one('e', &letters, |key| found.push(key));
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn similar_or_not() {
        for (pairs, expected) in [(SIMILAR, true), (APART, false)] {
            for (a, b) in pairs {
                let names = folded(&[a, b]);
                assert_eq!(similar(&names[0], &names[1]), expected, "{a} / {b}");
                assert_eq!(similar_pairs(&[&names[0], &names[1]]) == [(0, 1)], expected, "search: {a} / {b}");
            }
        }
    }

    #[test]
    fn contained_names() {
        let contains = |a: &str, b: &str| contained(&folded(&[a])[0], &folded(&[b])[0]);
        assert!(contains("Acme Deutschland", "Acme"));
        assert!(!contains("Acme", "Acme 2"));
        assert!(!contains("Acme", "Contoso"));
        assert!(!contains("A", "A Costa"));
    }

    #[test]
    fn the_search_finds_what_comparing_all_pairs_finds_with_one_edit() {
        let names: Vec<String> = (0..400)
            .map(|n| {
                let stem = ["nordlicht", "suedstern", "westwind", "ostsee", "talblick"][n % 5];
                let end = ["bau", "bau", "bua", "bauer", "haus", "maus", "werk"][n / 5 % 7];
                let middle = char::from(b'a' + (n % 23) as u8);
                format!("{stem}{middle}{end}")
            })
            .collect();
        let mut distinct = names.clone();
        distinct.sort();
        distinct.dedup();
        let distinct = folded(&distinct.iter().map(String::as_str).collect::<Vec<_>>());
        let found = similar_pairs(&distinct.iter().collect::<Vec<_>>());
        for (a, first) in distinct.iter().enumerate() {
            for (b, second) in distinct.iter().enumerate().skip(a + 1) {
                let one_edit = strsim::osa_distance(&first.base, &second.base) == 1;
                assert!(!one_edit || found.contains(&(a, b)), "{first:?} {second:?}");
            }
        }
        assert!(found.len() > 10);
    }

    #[test]
    fn texts_that_are_no_names_cost_nothing() {
        let long = "x".repeat(32_767);
        let names = folded(&[&long, &format!("{long}y")]);
        assert_eq!(similar_pairs(&names.iter().collect::<Vec<_>>()), []);
    }

    /// `cargo test --lib similar_names_cost -- --ignored --nocapture` prints what the search costs.
    #[test]
    #[ignore = "a measurement"]
    fn similar_names_cost() {
        for count in [1_000, 10_000, 100_000] {
            let texts = super::super::tests::company_names(count, 7);
            let words = test_words();
            let start = std::time::Instant::now();
            let names: Vec<Folded> = texts.iter().map(|name| words.client(name)).collect();
            let folding = start.elapsed();
            let roots = super::super::name::equal_names(&names);
            let equal = start.elapsed() - folding;
            let distinct: Vec<&Folded> =
                names.iter().enumerate().filter(|(index, _)| roots[*index] == *index).map(|(_, name)| name).collect();
            let start = std::time::Instant::now();
            let pairs = similar_pairs(&distinct).len();
            println!(
                "{count}: fold {folding:?}, equal {equal:?}, {} distinct, similar {:?}, {pairs} pairs",
                distinct.len(),
                start.elapsed()
            );
        }
    }
}
