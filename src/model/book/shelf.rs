//! The records, table by table, sorted by id.
//!
//! What a checkpoint holds lies in [`Drawers`] outside memory. Other records arrive sorted from the
//! store, and new ids are later than all before them: so they lie in one sorted row, which costs
//! nothing to fill and is found in by halving. Only what belongs between two of the row (spelled ids,
//! another machine's clock) waits beside it, until it is much.
//!
//! Invariant: an id stands once, in a drawer, in the row or beside it; an empty record counts as none.

use crate::model::book::drawers::Cabinet;
use crate::model::book::drawers::Drawers;
use crate::model::book::drawers::Label;
use crate::model::book::marks::Marks;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::record::Record;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::ops::RangeBounds;
use std::sync::Arc;
use uuid::Uuid;

/// So many may wait beside a row of any length.
const FEW: usize = 1_024;

/// Of a row's length at most this part may wait beside it.
const PART: usize = 8;

/// So many drawers may stay open, some hundred kilobytes to a hundred of them.
const OPEN: usize = 4_096;

/// The records alone.
#[derive(Debug, Clone, Default)]
pub struct Records([Shelf; Table::ALL.len()]);

/// The records of a table.
#[derive(Debug, Clone, Default)]
struct Shelf {
    drawers: Drawers,
    row: Vec<(Uuid, Record)>,
    marks: Marks<Uuid>,
    beside: BTreeMap<Uuid, Record>,
}

/// A record and its id.
type Entry<'r> = (Uuid, &'r Record);

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

    /// Records that lie in a cabinet, with what is said of each drawer there: by table, then by id.
    pub fn lying_in(cabinet: &Arc<dyn Cabinet>, labels: &[Label]) -> Records {
        let mut records = Records::default();
        let mut begin = 0;
        for some in labels.chunk_by(|one, next| one.table == next.table) {
            if let Some(first) = some.first() {
                let drawers = Drawers::of(Arc::clone(cabinet), begin, some);
                records.shelf_mut(first.table).drawers = drawers;
            }
            begin += some.len();
        }
        records
    }

    /// How many records a table has at most, at a glance: no drawer is opened for it.
    pub fn at_most(&self, table: Table) -> usize {
        let Shelf {
            drawers,
            row,
            beside,
            ..
        } = self.shelf(table);
        drawers.at_most() + row.len() + beside.len()
    }

    /// Takes every record into memory, for those who will look at each.
    pub fn gather(&self) {
        self.0.iter().for_each(|shelf| shelf.drawers.open_all());
    }

    /// Leaves outside memory what nobody looks at, once it is much.
    pub fn rest(&mut self) {
        let opened: usize = self.0.iter().map(|shelf| shelf.drawers.opened()).sum();
        if opened > OPEN {
            self.0.iter_mut().for_each(|shelf| shelf.drawers.rest());
        }
    }

    /// The records of a table whose ids lie within bounds, by id.
    pub fn range(
        &self,
        table: Table,
        ids: (Bound<Uuid>, Bound<Uuid>),
    ) -> impl Iterator<Item = (Uuid, &Record)> {
        self.shelf(table).range(ids)
    }

    /// The fields of a record, if it exists.
    pub fn get(&self, subject: Subject) -> Option<&Record> {
        self.shelf(subject.table).get(subject.id)
    }

    /// A record to be altered, an empty one where there is none.
    pub fn entry(&mut self, subject: Subject) -> &mut Record {
        self.shelf_mut(subject.table).entry(subject.id)
    }

    /// Every record of a table, by id; all of them are in memory afterwards.
    pub fn of_table(&self, table: Table) -> impl Iterator<Item = (Uuid, &Record)> {
        self.shelf(table).iter()
    }

    /// Hands on every record of a table, by id, without taking more into memory than is there.
    pub fn each_of<E>(
        &self,
        table: Table,
        each: &mut dyn FnMut(Uuid, &Record) -> Result<(), E>,
    ) -> Result<(), E> {
        self.shelf(table).each(each)
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
        let beside = || match self.find(id) {
            Ok(at) => self.row.get(at).map(|(_, record)| record),
            Err(_) => self.beside.get(&id),
        };
        let record = self.drawers.get(id).or_else(beside);
        record.filter(|record| !record.is_empty())
    }

    /// A record to be altered, an empty one where there is none.
    fn entry(&mut self, id: Uuid) -> &mut Record {
        if self.beside.len() > FEW.max(self.row.len() / PART) {
            self.work_in();
        }
        if let Some(place) = self.drawers.find(id) {
            return self.drawers.at_mut(place);
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
    fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        let all = merged(self.drawers.iter(), self.outside());
        all.filter(|(_, record)| !record.is_empty())
    }

    /// The records within bounds, by id: found by halving, but for those in drawers.
    fn range(&self, ids: (Bound<Uuid>, Bound<Uuid>)) -> impl Iterator<Item = Entry<'_>> {
        let (from, to) = ids;
        let begin = self.row.partition_point(|(id, _)| match from {
            Bound::Included(from) => *id < from,
            Bound::Excluded(from) => *id <= from,
            Bound::Unbounded => false,
        });
        let row = self
            .row
            .iter()
            .skip(begin)
            .map(|(id, record)| (*id, record));
        let row = row.take_while(move |(id, _)| (Bound::Unbounded, to).contains(id));
        let beside = self.beside.range(ids).map(|(id, record)| (*id, record));
        let lying = self.drawers.iter().filter(move |(id, _)| ids.contains(id));
        let all = merged(lying, merged(row, beside));
        all.filter(|(_, record)| !record.is_empty())
    }

    /// Hands on every record by id, and leaves the drawers as they are.
    fn each<E>(&self, each: &mut dyn FnMut(Uuid, &Record) -> Result<(), E>) -> Result<(), E> {
        let mut hand = |id, record: &Record| {
            if record.is_empty() {
                Ok(())
            } else {
                each(id, record)
            }
        };
        let mut outside = self.outside().peekable();
        for drawer in self.drawers.each() {
            for (id, record) in drawer.iter() {
                while let Some((before, record)) = outside.next_if(|(next, _)| next < id) {
                    hand(before, record)?;
                }
                hand(*id, record)?;
            }
        }
        outside.try_for_each(|(id, record)| hand(id, record))
    }

    /// What lies in no drawer.
    fn outside(&self) -> impl Iterator<Item = Entry<'_>> {
        let row = self.row.iter().map(|(id, record)| (*id, record));
        merged(row, self.beside.iter().map(|(id, record)| (*id, record)))
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

/// Two rows in one, both sorted and without a common id.
fn merged<'r>(
    one: impl Iterator<Item = Entry<'r>>,
    other: impl Iterator<Item = Entry<'r>>,
) -> impl Iterator<Item = Entry<'r>> {
    let (mut one, mut other) = (one.peekable(), other.peekable());
    std::iter::from_fn(move || {
        let is_first = match (one.peek(), other.peek()) {
            (Some((first, _)), Some((second, _))) => first < second,
            (first, _) => first.is_some(),
        };
        if is_first { one.next() } else { other.next() }
    })
}
