//! Journal, sled and index, each against the others.
//!
//! Invariant: a check alters nothing and leaves nothing out: what is not compared is a fault.

use crate::index::Index;
use crate::model::book::Book;
use crate::query::Query;
use crate::register::Register;
use crate::store::Finding;
use crate::store::Reason;
use crate::store::StoreError;

impl Register {
    /// Compares journal, sled and index in full.
    pub fn check(&mut self) -> Vec<Finding> {
        let mut findings = self.store.check();
        let journal = self.store.reread();
        findings.push(Finding {
            what: "memory",
            fault: compare_books(self.index.book(), &journal),
        });
        findings.push(Finding {
            what: "index",
            fault: compare_answers(&self.index, journal),
        });
        findings
    }
}

fn compare_books(memory: &Book, journal: &Result<Book, StoreError>) -> Option<Reason> {
    let journal = match journal {
        Ok(journal) => journal,
        Err(StoreError::Damaged { what, .. }) => return Some(what.clone()),
        Err(fault) => return Some(Reason::Said(fault.to_string())),
    };
    let differ = |one: &Book, other: &Book| {
        let differing = one
            .records()
            .find(|(subject, record)| other.record(*subject) != Some(*record));
        differing.map(|(subject, _)| Reason::Record(format!("{:?} {}", subject.table, subject.id)))
    };
    differ(memory, journal).or_else(|| differ(journal, memory))
}

/// Compares what the index answers with what one built anew would.
fn compare_answers(index: &Index, journal: Result<Book, StoreError>) -> Option<Reason> {
    let journal = match journal {
        Ok(journal) => journal,
        Err(fault) => return Some(fault.into()),
    };
    let anew = Index::build(journal, index.today());
    let everyone = Query::default();
    let (mine, theirs) = (index.ask(&everyone), anew.ask(&everyone));
    if mine.total() != theirs.total() {
        return Some(Reason::People {
            finds: mine.total(),
            journal: theirs.total(),
        });
    }
    let (mine, theirs) = (index.facets(&mine), anew.facets(&theirs));
    let differing = mine
        .iter()
        .zip(&theirs)
        .find(|(mine, theirs)| mine != theirs);
    differing.map(|(mine, theirs)| Reason::Category {
        code: mine.code.0.clone(),
        counts: mine.count,
        journal: theirs.count,
    })
}
