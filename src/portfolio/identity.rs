//! Which rows are one client: by name and id, never by likeness alone.

use super::clusters::{Clusters, denied};
use super::entry::{Entry, Ids, Settings};
use super::ids;
use super::located::{Cited, Located, list, quoted};
use super::name::Folded;
use super::similar::{contained, similar, similar_pairs};
use super::spelled::{Sought, Spelled};
use crate::field::Field;
use crate::finding::Code;
use crate::proposal::Proposal;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// More names than this under one id are not compared each with each.
const NAMES_OF_AN_ID: usize = 30;

/// Which client each row belongs to (numbered in the order of their first rows), and what had to be left open.
#[derive(Debug)]
pub(super) struct Identity<'a> {
    pub(super) client_of: Vec<usize>,
    pub(super) clients: usize,
    /// Whether the row has an id that is a key, no running number.
    pub(super) keyed: Vec<bool>,
    pub(super) findings: Vec<Located<'a>>,
}

/// Rows that are alike in everything that identity looks at.
#[derive(Clone, Debug)]
struct Node<'e> {
    /// Names that are equal but for the legal form.
    group: usize,
    form: Option<&'e str>,
    id: Option<(usize, &'e str)>,
    /// Sides of the pairs that a person declared different.
    marks: &'e [usize],
    /// Its rows.
    rows: &'e [usize],
}

struct Search<'e, 'a> {
    entries: &'e [Entry<'a>],
    /// A folded name for every group.
    names: &'e [Folded],
    /// Those of one group stand side by side.
    nodes: Vec<Node<'e>>,
    clusters: Clusters,
    findings: Vec<Located<'a>>,
}

/// Finds the clients. `entries` are sorted; `department` numbers the department of each.
pub(super) fn identify<'a>(entries: &[Entry<'a>], department: &[usize], settings: &Settings) -> Identity<'a> {
    let spelled = Spelled::new(entries, settings);
    let marks = spelled.marks(settings);
    let keys = ids::keys(entries, settings.ids, department);
    let alike = |row: usize| {
        let spelling = spelled.of_row[row];
        let id = keys[row].as_ref().map(|(scope, id)| (*scope, id.as_str()));
        (spelled.group[spelling], spelled.folded[spelling].form.as_deref(), id, marks[spelling].as_slice())
    };
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by(|&a, &b| alike(a).cmp(&alike(b)));
    let mut nodes = Vec::new();
    for rows in order.chunk_by(|&a, &b| alike(a) == alike(b)) {
        let (group, form, id, marks) = alike(rows[0]);
        nodes.push(Node { group, form, id, marks, rows });
    }
    let mut search = Search {
        entries,
        names: &spelled.folded,
        clusters: Clusters::new(nodes.iter().map(|node| node.marks)),
        nodes,
        findings: Vec::new(),
    };
    search.join_confirmed(&spelled, settings);
    search.join_by_id(settings.ids);
    search.join_by_name();
    search.report_similar();
    search.finish()
}

impl<'a> Search<'_, 'a> {
    fn join_confirmed(&mut self, spelled: &Spelled<'_>, settings: &Settings) {
        let names: Vec<&str> = settings.same.iter().flat_map(|(a, b)| [a.as_str(), b.as_str()]).collect();
        for pair in spelled.find(&names, settings).chunks(2) {
            let [Some(a), Some(b)] = pair else { continue };
            let fits = |node: &Node<'_>, (group, form): &Sought| {
                node.group == *group && form.as_ref().is_none_or(|form| form.as_deref() == node.form)
            };
            let fitting: Vec<usize> = (0..self.nodes.len())
                .filter(|&node| fits(&self.nodes[node], a) || fits(&self.nodes[node], b))
                .collect();
            for window in fitting.windows(2) {
                self.clusters.join(window[0], window[1]);
            }
        }
    }

    /// Rows of one id are one client if their names are equal or similar; else it is a conflict and they stay two.
    fn join_by_id(&mut self, ids: Ids) {
        let mut holders: Vec<usize> = (0..self.nodes.len()).filter(|&node| self.nodes[node].id.is_some()).collect();
        holders.sort_by_key(|&node| self.nodes[node].id);
        let same = holders.chunk_by(|&a, &b| self.nodes[a].id == self.nodes[b].id);
        let shared: Vec<&[usize]> = same.filter(|nodes| nodes.len() > 1).collect();
        for nodes in shared {
            // A key of so many names is none; equal names stand side by side here, so the neighbour is enough.
            let compared = if nodes.len() > NAMES_OF_AN_ID { 1 } else { NAMES_OF_AN_ID };
            for (place, &a) in nodes.iter().enumerate() {
                for &b in nodes[..place].iter().rev().take(compared) {
                    let (x, y) = (&self.names[self.nodes[a].group], &self.names[self.nodes[b].group]);
                    if self.nodes[a].group == self.nodes[b].group || similar(x, y) || contained(x, y) {
                        self.clusters.join(a, b);
                    }
                }
            }
            let parts = self.parts(nodes);
            if parts.len() > 1 && !self.all_denied(&parts) {
                let first = self.nodes[nodes[0]].rows[0];
                let id = self.entries[first].client_id.unwrap_or_default().trim();
                let within = if ids == Ids::Department { " within its department" } else { "" };
                let message = format!(
                    "client ID {id} stands{within} for different names: {}; kept as {} clients. Mend the id, or, if it is one client, confirm: {}",
                    self.described(&parts, Field::ClientId),
                    parts.len(),
                    self.line(Proposal::same, &parts),
                );
                self.report(Code::Conflict, Field::ClientId, &parts, message);
            }
        }
    }

    /// Rows of equal names are one client unless ids or legal forms speak against it.
    fn join_by_name(&mut self) {
        for nodes in self.groups().into_iter().filter(|nodes| nodes.len() > 1) {
            let nodes: Vec<usize> = nodes.collect();
            let classes = self.classes_by_form(&nodes);
            for class in &classes {
                self.join_unless_ids_differ(class);
            }
            let parts = self.parts(&classes.concat());
            if classes.len() > 1 && !self.all_denied(&parts) {
                let message = format!(
                    "equal names but for the legal form: {}; kept as {} clients. Confirm or deny: {} or {}",
                    self.described(&parts, Field::Client),
                    parts.len(),
                    self.line(Proposal::same, &parts),
                    self.line(Proposal::different, &parts),
                );
                self.report(Code::PossibleDuplicate, Field::Client, &parts, message);
            }
        }
    }

    /// Nodes of one name by legal form. Those without a form belong to the only form there is, or stay by themselves.
    fn classes_by_form(&mut self, nodes: &[usize]) -> Vec<Vec<usize>> {
        let mut classes: Vec<Vec<usize>> = Vec::new();
        let mut forms: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut formless = Vec::new();
        for &node in nodes {
            match self.nodes[node].form {
                Some(form) => forms.entry(form).or_default().push(node),
                None => formless.push(node),
            }
        }
        // Forms that an id or a person has joined already are one class.
        for members in forms.into_values() {
            let mut merged = members;
            let (touching, apart) =
                std::mem::take(&mut classes).into_iter().partition(|class| self.touch(class, &merged));
            classes = apart;
            let touching: Vec<Vec<usize>> = touching;
            merged.extend(touching.into_iter().flatten());
            classes.push(merged);
        }
        if let [only] = classes.as_mut_slice() {
            only.extend(formless);
            return classes;
        }
        let mut alone = Vec::new();
        for node in formless {
            match (0..classes.len()).find(|&class| self.touch(&classes[class], &[node])) {
                Some(class) => classes[class].push(node),
                None => alone.push(node),
            }
        }
        if !alone.is_empty() {
            classes.push(alone);
        }
        classes
    }

    fn touch(&mut self, a: &[usize], b: &[usize]) -> bool {
        let roots: BTreeSet<usize> = a.iter().map(|&node| self.clusters.root(node)).collect();
        b.iter().any(|&node| roots.contains(&self.clusters.root(node)))
    }

    /// Joins the nodes of one name. Where two ids hold in one scope, these stay two, and rows without id join neither.
    fn join_unless_ids_differ(&mut self, nodes: &[usize]) {
        let mut scopes: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for &node in nodes {
            if let Some((scope, _)) = self.nodes[node].id {
                let root = self.clusters.root(node);
                scopes.entry(scope).or_default().insert(root);
            }
        }
        let ambiguous: BTreeSet<usize> =
            scopes.iter().filter(|(_, roots)| roots.len() > 1).map(|(&scope, _)| scope).collect();
        let settled: BTreeSet<usize> = ambiguous.iter().flat_map(|scope| scopes[scope].iter().copied()).collect();
        let mut free = nodes.to_vec();
        free.retain(|&node| !settled.contains(&self.clusters.root(node)));
        for &node in free.iter().skip(1) {
            self.clusters.join(free[0], node);
        }
        let parts = self.parts(nodes);
        if !ambiguous.is_empty() && parts.len() > 1 && !self.all_denied(&parts) {
            let beside = if parts.iter().any(|part| part.iter().all(|&node| self.nodes[node].id.is_none())) {
                ", those without an id apart"
            } else {
                ""
            };
            let message = format!(
                "one name with different client IDs: {}; kept as {} clients{beside}. Mend the ids, or, if it is one client, confirm: {}",
                self.described(&parts, Field::ClientId),
                parts.len(),
                self.line(Proposal::same, &parts),
            );
            self.report(Code::Conflict, Field::ClientId, &parts, message);
        }
    }

    fn report_similar(&mut self) {
        let groups = self.groups();
        let names: Vec<&Folded> = groups.iter().map(|nodes| &self.names[self.nodes[nodes.start].group]).collect();
        for (a, b) in similar_pairs(&names) {
            let parts = [a, b].map(|group| groups[group].clone().collect::<Vec<usize>>());
            if self.touch(&parts[0], &parts[1]) {
                continue;
            }
            if self.all_denied(&parts) {
                continue;
            }
            let message = format!(
                "similar names: {}; kept as two clients. Confirm or deny: {} or {}",
                self.described(&parts, Field::Client),
                self.line(Proposal::same, &parts),
                self.line(Proposal::different, &parts),
            );
            self.report(Code::PossibleDuplicate, Field::Client, &parts, message);
        }
    }

    /// The nodes by their names, as numbers from and to.
    fn groups(&self) -> Vec<Range<usize>> {
        let mut next = 0;
        let range = |nodes: &[Node<'_>]| {
            let start = next;
            next += nodes.len();
            start..next
        };
        self.nodes.chunk_by(|a, b| a.group == b.group).map(range).collect()
    }

    /// The nodes by the sets they are in, ordered by their first rows.
    fn parts(&mut self, nodes: &[usize]) -> Vec<Vec<usize>> {
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &node in nodes {
            parts.entry(self.clusters.root(node)).or_default().push(node);
        }
        let mut parts: Vec<Vec<usize>> = parts.into_values().collect();
        parts.sort_by_key(|part| self.rows_of(part).first().copied());
        parts
    }

    fn rows_of(&self, nodes: &[usize]) -> Vec<usize> {
        let mut rows: Vec<usize> = nodes.iter().flat_map(|&node| self.nodes[node].rows.iter().copied()).collect();
        rows.sort_unstable();
        rows
    }

    /// Whether a person has declared each pair of the parts different: then there is nothing to report.
    fn all_denied(&self, parts: &[Vec<usize>]) -> bool {
        let marks: Vec<BTreeSet<usize>> = parts
            .iter()
            .map(|part| part.iter().flat_map(|&node| self.nodes[node].marks.iter().copied()).collect())
            .collect();
        marks.iter().enumerate().all(|(place, a)| marks[..place].iter().all(|b| denied(a, b)))
    }

    /// `"Acme" (a.xlsx, S!A2), "Acme Ltd" (…)`
    fn described(&self, parts: &[Vec<usize>], field: Field) -> String {
        list(parts.iter().map(|part| {
            let rows = self.rows_of(part);
            let id = match self.entries[rows[0]].client_id {
                Some(id) if field == Field::ClientId => format!(", ID {}", id.trim()),
                _ => String::new(),
            };
            let cells = list(rows.iter().map(|&row| Cited::of(&self.entries[row], Field::Client)));
            format!("{}{id} ({cells})", quoted(self.entries[rows[0]].client))
        }))
    }

    /// The line of the configuration that settles it.
    fn line(&self, settle: fn(&[&str]) -> Proposal, parts: &[Vec<usize>]) -> Proposal {
        let names: Vec<&str> = parts.iter().take(2).map(|part| self.entries[self.rows_of(part)[0]].client).collect();
        settle(&names)
    }

    fn report(&mut self, code: Code, field: Field, parts: &[Vec<usize>], message: String) {
        let rows = parts.iter().flat_map(|part| self.rows_of(part));
        let cells = rows.map(|row| Cited::of(&self.entries[row], field)).collect();
        self.findings.push(Located::new(code, field, cells, message));
    }

    fn finish(mut self) -> Identity<'a> {
        let (mut root_of, mut keyed) = (vec![0; self.entries.len()], vec![false; self.entries.len()]);
        for (index, node) in self.nodes.iter().enumerate() {
            let root = self.clusters.root(index);
            for &row in node.rows {
                root_of[row] = root;
                keyed[row] = node.id.is_some();
            }
        }
        // of each root, 1 more than its number
        let (mut numbers, mut clients) = (vec![0; self.nodes.len()], 0);
        let number = |&root: &usize| {
            if numbers[root] == 0 {
                clients += 1;
                numbers[root] = clients;
            }
            numbers[root] - 1
        };
        let client_of: Vec<usize> = root_of.iter().map(number).collect();
        Identity { client_of, keyed, clients, findings: self.findings }
    }
}

#[cfg(test)]
mod tests;
