//! Ledgers in, lists out: FORMATS; read rows, judge them, write rows.
//!
//! Invariant: reading computes (what was found, problems) and never stops at the first bad row; a
//! blank cell never erases; every row is accounted for.

pub mod csv;

pub mod xlsx;

pub mod json;

pub mod sheet;

pub mod heading;

pub mod cell;

pub mod intake;

pub mod rejects;

pub mod reason;

pub mod file;

pub mod write;

use std::path::PathBuf;

/// A form that lists come and go in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// One JSON object a line, lossless.
    Json,
}

/// One sheet of text cells, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name; the file's name for CSV.
    pub name: String,
    /// Its rows, each with its number in the file (from 1).
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Why a file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The disk said no.
    #[error("{path}: {source}")]
    Disk {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not a kind of file that is understood.
    #[error("{path}: not a CSV, XLSX or JSON lines file: {what}")]
    Unknown {
        /// Which file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// Over a limit.
    #[error("{path}: {what}")]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// Which limit.
        what: String,
    },
    /// No row looks like a heading.
    #[error("{path}: no row with headings such as 姓名 was found")]
    NoHeading {
        /// Which file.
        path: PathBuf,
    },
}
