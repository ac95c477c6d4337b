//! Which records belong to which: the members of a household and the like.
//!
//! Invariant: the values of a key are sorted, each once; a key that was altered stands among the
//! altered whole.

use crate::model::book::marks::Marks;
use crate::model::flat;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::Serialize;
use serde::Serializer;
use std::hash::Hash;
use uuid::Uuid;

/// What names a record.
pub(super) trait Id: Copy + Ord + Hash + From<Uuid> + Into<Uuid> {}

impl<T: Copy + Ord + Hash + From<Uuid> + Into<Uuid>> Id for T {}

/// Whether something comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It comes.
    Come,
    /// It goes.
    Go,
}

/// From a key to its values. What was there from the beginning lies in two rows; only keys that
/// were altered since have a list of their own.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Row", bound = "K: Id, V: Id")]
pub(super) struct Relation<K, V> {
    /// The keys, sorted, each with where its values begin.
    keys: Vec<(K, u32)>,
    marks: Marks<K>,
    values: Vec<V>,
    altered: FxHashMap<K, Vec<V>>,
}

/// A relation as it is laid by: the keys, how many values each has, and these.
#[derive(Serialize, Deserialize)]
struct Row {
    #[serde(with = "flat")]
    keys: Vec<[u8; 16]>,
    #[serde(with = "flat")]
    counts: Vec<u32>,
    #[serde(with = "flat")]
    values: Vec<[u8; 16]>,
}

impl<K: Id, V: Id> From<Row> for Relation<K, V> {
    fn from(row: Row) -> Relation<K, V> {
        let id = |bytes: [u8; 16]| Uuid::from_bytes(bytes);
        let mut end = 0;
        let begins = row.counts.iter().map(|count| {
            let begin = end;
            end += count;
            begin
        });
        let keys = row.keys.into_iter().map(|key| K::from(id(key)));
        let keys: Vec<(K, u32)> = keys.zip(begins).collect();
        Relation {
            marks: Marks::of(keys.iter().map(|(key, _)| *key)),
            keys,
            values: row.values.into_iter().map(|one| id(one).into()).collect(),
            altered: FxHashMap::default(),
        }
    }
}

impl<K: Id, V: Id> Serialize for Relation<K, V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let bytes = |id: Uuid| id.into_bytes();
        let mut keys: Vec<K> = self.keys().collect();
        keys.sort_unstable();
        keys.dedup();
        keys.retain(|key| !self.get(*key).is_empty());
        let of = |key: &K| self.get(*key);
        let values = keys.iter().flat_map(|key| of(key).iter().copied());
        let row = Row {
            counts: keys.iter().map(|key| of(key).len() as u32).collect(),
            values: values.map(|one| bytes(one.into())).collect(),
            keys: keys.iter().map(|key| bytes((*key).into())).collect(),
        };
        row.serialize(to)
    }
}

impl<K: Id, V: Id> Relation<K, V> {
    /// The relation of these pairs.
    pub(super) fn of(mut pairs: Vec<(K, V)>) -> Relation<K, V> {
        // Most come sorted, and this sort sees that.
        pairs.sort();
        pairs.dedup();
        let mut relation = Relation::default();
        relation.values.reserve_exact(pairs.len());
        for (key, value) in pairs {
            if relation.keys.last().is_none_or(|(last, _)| *last != key) {
                relation.keys.push((key, relation.values.len() as u32));
            }
            relation.values.push(value);
        }
        relation.marks = Marks::of(relation.keys.iter().map(|(key, _)| *key));
        relation
    }

    /// The values of a key, sorted.
    pub(super) fn get(&self, key: K) -> &[V] {
        if let Some(values) = self.altered.get(&key) {
            return values;
        }
        let Ok(at) = self.marks.find(&self.keys, key, |(one, _)| *one) else {
            return &[];
        };
        let begin = |at: usize| self.keys.get(at).map(|(_, begin)| *begin as usize);
        let end = begin(at + 1).unwrap_or(self.values.len());
        let whole = begin(at).and_then(|begin| self.values.get(begin..end));
        whole.unwrap_or_default()
    }

    /// Every key that ever had a value; an altered one twice.
    pub(super) fn keys(&self) -> impl Iterator<Item = K> {
        let keys = self.keys.iter().map(|(key, _)| *key);
        keys.chain(self.altered.keys().copied())
    }

    /// A value comes to a key, or goes from it.
    pub(super) fn turn(&mut self, way: Way, key: K, value: V) {
        let values = self.alter(key);
        match (way, values.binary_search(&value)) {
            (Way::Come, Err(at)) => values.insert(at, value),
            (Way::Go, Ok(at)) => drop(values.remove(at)),
            (Way::Come, Ok(_)) | (Way::Go, Err(_)) => {}
        }
    }

    fn alter(&mut self, key: K) -> &mut Vec<V> {
        if !self.altered.contains_key(&key) {
            let values = self.get(key).to_vec();
            self.altered.insert(key, values);
        }
        self.altered.entry(key).or_default()
    }
}

impl<K, V> Default for Relation<K, V> {
    fn default() -> Relation<K, V> {
        Relation {
            keys: Vec::new(),
            marks: Marks::default(),
            values: Vec::new(),
            altered: FxHashMap::default(),
        }
    }
}
