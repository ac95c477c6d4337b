//! The records, table by table, sorted by id.
//!
//! Records arrive sorted from the store, and new ids are later than all before them: so they lie in
//! one sorted row, which costs nothing to fill and is found in by halving. Only what belongs between
//! two of the row (spelled ids, another machine's clock) waits beside it, until it is much.
//!
//! Invariant: an id stands once, in the row or beside it; an empty record counts as none.

use crate::model::book::marks::Marks;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::record::Record;
use std::collections::BTreeMap;
use uuid::Uuid;

/// So many may wait beside a row of any length.
const FEW: usize = 1_024;

/// Of a row's length at most this part may wait beside it.
const PART: usize = 8;

/// The records alone.
#[derive(Debug, Clone, Default)]
pub struct Records([Shelf; Table::ALL.len()]);

/// The records of a table.
#[derive(Debug, Clone, Default)]
struct Shelf {
    row: Vec<(Uuid, Record)>,
    marks: Marks<Uuid>,
    beside: BTreeMap<Uuid, Record>,
}

impl Records {
    /// The records of parts of tables; none when they are not sorted.
    pub fn of(parts: Vec<(Table, Vec<(Uuid, Record)>)>) -> Option<Records> {
        let mut records = Records::default();
        let mut rooms = [0; Table::ALL.len()];
        for (table, part) in &parts {
            rooms[*table as usize - 1] += part.len();
        }
        for (shelf, room) in records.0.iter_mut().zip(rooms) {
            shelf.row.reserve_exact(room);
        }
        for (table, mut part) in parts {
            records.shelf_mut(table).row.append(&mut part);
        }
        for shelf in &mut records.0 {
            shelf.mark();
        }
        let is_sorted = |shelf: &Shelf| shelf.row.is_sorted_by(|(one, _), (next, _)| one < next);
        records.0.iter().all(is_sorted).then_some(records)
    }

    /// The fields of a record, if it exists.
    pub fn get(&self, subject: Subject) -> Option<&Record> {
        self.shelf(subject.table).get(subject.id)
    }

    /// A record to be altered, an empty one where there is none.
    pub fn entry(&mut self, subject: Subject) -> &mut Record {
        self.shelf_mut(subject.table).entry(subject.id)
    }

    /// Every record of a table, by id.
    pub fn of_table(&self, table: Table) -> impl Iterator<Item = (Uuid, &Record)> {
        self.shelf(table).iter()
    }

    /// Every record, by table and id.
    pub fn iter(&self) -> impl Iterator<Item = (Subject, &Record)> {
        let tables = Table::ALL.into_iter();
        tables.flat_map(|table| {
            let records = self.of_table(table);
            records.map(move |(id, record)| (Subject { table, id }, record))
        })
    }

    fn shelf(&self, table: Table) -> &Shelf {
        &self.0[table as usize - 1]
    }

    fn shelf_mut(&mut self, table: Table) -> &mut Shelf {
        &mut self.0[table as usize - 1]
    }
}

impl Shelf {
    /// A record, if it exists.
    fn get(&self, id: Uuid) -> Option<&Record> {
        let record = match self.find(id) {
            Ok(at) => self.row.get(at).map(|(_, record)| record),
            Err(_) => self.beside.get(&id),
        };
        record.filter(|record| !record.is_empty())
    }

    /// A record to be altered, an empty one where there is none.
    fn entry(&mut self, id: Uuid) -> &mut Record {
        if self.beside.len() > FEW.max(self.row.len() / PART) {
            self.work_in();
        }
        match self.find(id) {
            Ok(at) => &mut self.row[at].1,
            Err(at) if at == self.row.len() && !self.beside.contains_key(&id) => {
                self.marks.push(at, id);
                self.row.push((id, Record::default()));
                &mut self.row[at].1
            }
            Err(_) => self.beside.entry(id).or_default(),
        }
    }

    /// Every record by id.
    fn iter(&self) -> impl Iterator<Item = (Uuid, &Record)> {
        let mut row = self.row.iter().peekable();
        let mut beside = self.beside.iter().peekable();
        let merged = std::iter::from_fn(move || {
            let from_row = match (row.peek(), beside.peek()) {
                (Some((first, _)), Some((other, _))) => first < *other,
                (first, _) => first.is_some(),
            };
            if from_row {
                row.next().map(|(id, record)| (*id, record))
            } else {
                beside.next().map(|(id, record)| (*id, record))
            }
        });
        merged.filter(|(_, record)| !record.is_empty())
    }

    fn find(&self, id: Uuid) -> Result<usize, usize> {
        match self.row.last() {
            Some((last, _)) if *last < id => Err(self.row.len()),
            Some(_) => self.marks.find(&self.row, id, |(one, _)| *one),
            None => Err(0),
        }
    }

    /// Takes what waits into the row.
    fn work_in(&mut self) {
        self.row.extend(std::mem::take(&mut self.beside));
        self.row.retain(|(_, record)| !record.is_empty());
        self.row.sort_by_key(|(id, _)| *id);
        self.mark();
    }

    fn mark(&mut self) {
        self.marks = Marks::of(self.row.iter().map(|(id, _)| *id));
    }
}
