//! Rows of plain numbers, written and read as they lie in memory: a million cells in one step.
//!
//! Invariant: bytes that are no whole number of cells are an error.

use bytemuck::Pod;
use serde::Deserializer;
use serde::Serializer;
use serde::de::Error;
use serde::de::Visitor;
use std::fmt;
use std::marker::PhantomData;

/// Writes a row.
pub(crate) fn serialize<T: Pod, S: Serializer>(row: &[T], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bytes(bytemuck::cast_slice(row))
}

/// Reads a row.
pub(crate) fn deserialize<'de, T: Pod, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    from.deserialize_bytes(Row(PhantomData))
}

struct Row<T>(PhantomData<T>);

impl<T: Pod> Visitor<'_> for Row<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cells of {} bytes", size_of::<T>())
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<T>, E> {
        if !bytes.len().is_multiple_of(size_of::<T>()) {
            return Err(E::invalid_length(bytes.len(), &self));
        }
        Ok(bytemuck::allocation::pod_collect_to_vec(bytes))
    }
}

/// As many rows as there are.
pub(crate) mod rows {
    use bytemuck::Pod;
    use serde::Deserialize;
    use serde::Deserializer;
    use serde::Serialize;
    use serde::Serializer;
    use serde::de::Error;

    #[derive(Serialize)]
    struct Lent<'a, T: Pod>(#[serde(with = "super")] &'a [T]);

    #[derive(Deserialize)]
    struct Owned<T: Pod>(#[serde(with = "super")] Vec<T>);

    /// Writes the rows.
    pub(crate) fn serialize<T: Pod, S: Serializer, const N: usize>(
        rows: &[Vec<T>; N],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(rows.iter().map(|row| Lent(row)))
    }

    /// Reads the rows.
    pub(crate) fn deserialize<'de, T: Pod, D: Deserializer<'de>, const N: usize>(
        from: D,
    ) -> Result<[Vec<T>; N], D::Error> {
        let rows = Vec::<Owned<T>>::deserialize(from)?;
        let rows: Vec<Vec<T>> = rows.into_iter().map(|Owned(row)| row).collect();
        let wrong = |rows: Vec<_>| D::Error::invalid_length(rows.len(), &"another number of rows");
        rows.try_into().map_err(wrong)
    }
}
