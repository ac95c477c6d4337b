//! Ledgers in, lists out: FORMATS; read rows, judge them, write rows.
//!
//! Invariant: reading computes (what was found, problems) and never stops at the first bad row; a
//! blank cell never erases; every row is accounted for.

pub mod shelf;

pub mod read;

pub mod sheet;

pub mod grid;

pub mod number;

pub mod csv;

mod quotes;

mod schooling;

mod rounded;

mod phone;

pub mod archive;

pub mod xml;

pub mod xlsx;

pub mod ods;

pub mod xml2003;

pub mod html;

pub mod biff;

mod strings;

pub mod json;

pub mod layout;

pub mod heading;

pub mod cell;

mod life;

pub mod serial;

pub mod guess;

pub mod entry;

mod crew;

pub mod roll;

pub mod home;

pub mod choices;

mod memory;

pub mod verdict;

pub mod group;

pub mod merge;

pub mod admit;

pub mod part;

pub mod intake;

pub mod rejects;

pub mod reason;

pub mod file;

pub mod write;

pub mod form;

use crate::model::Lang;
use std::ops::ControlFlow;
use std::path::Path;
use std::path::PathBuf;

/// Told how far a long work is: how many are done, of how many. Answers whether to go on.
pub type Watch<'a> = dyn FnMut(u64, u64) -> ControlFlow<()> + 'a;

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

/// Every form, with the names that files and people give it; the first is the usual ending.
pub const FORMATS: &[(Format, &[&str])] = &[
    (Format::Csv, &["csv", "tsv", "txt"]),
    (Format::Xlsx, &["xlsx"]),
    (Format::Json, &["jsonl", "json", "ndjson"]),
];

impl Format {
    /// The form with this name or file ending.
    pub fn named(name: &str) -> Option<Format> {
        let name = name.to_ascii_lowercase();
        FORMATS
            .iter()
            .find(|(_, names)| names.contains(&name.as_str()))
            .map(|(format, _)| *format)
    }
}

/// What a file turned out to be that is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strange {
    /// A workbook that asks for a password.
    Locked,
    /// A workbook of before Excel 5.0.
    TooOld,
    /// A web page or XML without a table.
    Page,
    /// Something that is known and is no table, in Chinese and English.
    Other(&'static str, &'static str),
    /// No text at all.
    Binary,
    /// A pipe or a device: nobody knows when it ends.
    Stream,
    /// A folder.
    Folder,
    /// A damaged workbook; what the reader said.
    Broken(String),
    /// A workbook without the sheet that was asked for; the sheets it has.
    NoSheet(Vec<String>),
}

impl Strange {
    /// A damaged workbook.
    pub fn broken(fault: impl std::fmt::Display) -> Strange {
        Strange::Broken(fault.to_string())
    }

    /// What was found and what to do, in words.
    pub fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Strange::Locked => (
                "工作簿有密码，请用表格软件打开，去掉密码后另存",
                "the workbook has a password; save it without one",
            ),
            Strange::TooOld => (
                "这是 Excel 5.0 以前的工作簿，请另存为 .xlsx",
                "a workbook of before Excel 5.0; save it as .xlsx",
            ),
            Strange::Page => (
                "这是网页或 XML，里面没有表格；请用表格软件打开后另存为 .xlsx",
                "a web page or XML without a table; open it in a spreadsheet and save it as .xlsx",
            ),
            Strange::Other(zh, en) => {
                return match lang {
                    Lang::Zh => format!("这是{zh}，请打开后把表格另存为 .xlsx"),
                    Lang::En => format!("{en}, not a table; save its table as .xlsx"),
                };
            }
            Strange::Binary => (
                "这不是文字表格，请用表格软件打开后另存为 .xlsx",
                "not text; open it in a spreadsheet and save it as .xlsx",
            ),
            Strange::Stream => (
                "这是管道或设备，不是文件，请先存成文件",
                "a pipe or a device and no file; save it to a file first",
            ),
            Strange::Folder => (
                "这是文件夹，请写出里面的文件",
                "a folder; name a file in it",
            ),
            Strange::Broken(what) => {
                return match lang {
                    Lang::Zh => {
                        format!("工作簿打不开（可能已损坏），请用表格软件打开后另存：{what}")
                    }
                    Lang::En => format!("the workbook cannot be opened, save it anew: {what}"),
                };
            }
            Strange::NoSheet(names) => {
                return lang
                    .pick("没有这张工作表，现有：", "no such sheet; it has: ")
                    .to_owned()
                    + &names.join(", ");
            }
        };
        lang.pick(zh, en).to_owned()
    }
}

/// A limit that keeps one file from taking the machine's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Bytes of the file.
    File(u64),
    /// Bytes once unpacked.
    Unpacked(u64),
    /// Bytes of a cell in a packed sheet, which says nothing of its row yet.
    Cell(u64),
    /// Rows of a sheet.
    Rows(usize),
    /// Cells of a sheet.
    Cells(usize),
    /// Sheets of a workbook.
    Sheets(usize),
    /// Columns, and the row that has more.
    Columns(usize, usize),
    /// Characters of a cell, and its row.
    Characters(usize, usize),
}

impl Limit {
    /// The limit in words.
    pub fn say(self, lang: Lang) -> String {
        match (self, lang) {
            (Limit::File(most), Lang::Zh) => format!("文件超过 {} MB", most >> 20),
            (Limit::File(most), Lang::En) => format!("larger than {} MB", most >> 20),
            (Limit::Unpacked(most), Lang::Zh) => format!("解压后超过 {} MB", most >> 20),
            (Limit::Unpacked(most), Lang::En) => format!("unpacks to over {} MB", most >> 20),
            (Limit::Cell(most), Lang::Zh) => format!("有一个单元格超过 {} MB", most >> 20),
            (Limit::Cell(most), Lang::En) => format!("a cell of more than {} MB", most >> 20),
            (Limit::Rows(most), Lang::Zh) => format!("超过 {most} 行"),
            (Limit::Rows(most), Lang::En) => format!("more than {most} rows"),
            (Limit::Cells(most), Lang::Zh) => format!("超过 {most} 个单元格"),
            (Limit::Cells(most), Lang::En) => format!("more than {most} cells"),
            (Limit::Sheets(most), Lang::Zh) => format!("超过 {most} 张工作表"),
            (Limit::Sheets(most), Lang::En) => format!("more than {most} sheets"),
            (Limit::Columns(most, row), Lang::Zh) => format!("第 {row} 行超过 {most} 列"),
            (Limit::Columns(most, row), Lang::En) => {
                format!("row {row} has more than {most} columns")
            }
            (Limit::Characters(most, row), Lang::Zh) => {
                format!("第 {row} 行有单元格超过 {most} 字")
            }
            (Limit::Characters(most, row), Lang::En) => {
                format!("row {row} has a cell of more than {most} characters")
            }
        }
    }
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
    #[error("{path}: {}", what.say(Lang::En))]
    Unknown {
        /// Which file.
        path: PathBuf,
        /// What was found.
        what: Strange,
    },
    /// Over a limit.
    #[error("{path}: {}", what.say(Lang::En))]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// Which limit.
        what: Limit,
    },
    /// No row looks like a heading.
    #[error("{path}: no row with headings such as 姓名 was found")]
    NoHeading {
        /// Which file.
        path: PathBuf,
    },
    /// Whoever watched it said stop.
    #[error("cancelled")]
    Cancelled,
    /// A text has no bytes in the encoding that was asked for.
    #[error("GB18030 has no {what:?}, which stands in the row of {who}")]
    Unencodable {
        /// In whose row.
        who: String,
        /// The character.
        what: char,
    },
    /// A list cannot be written.
    #[error("the list cannot be written: {source}")]
    Write {
        /// What the system said.
        source: std::io::Error,
    },
}

impl ExchangeError {
    /// The error in words, in a language.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            ExchangeError::Disk { path, source } => format!("{}: {source}", path.display()),
            ExchangeError::Unknown { path, what } => {
                format!("{}: {}", path.display(), what.say(lang))
            }
            ExchangeError::TooLarge { path, what } => {
                format!("{}: {}", path.display(), what.say(lang))
            }
            ExchangeError::NoHeading { path } => format!(
                "{}: {}",
                path.display(),
                lang.pick(
                    "前 15 行里没有含“姓名”的标题行",
                    "no row with headings such as 姓名 in the first 15",
                )
            ),
            ExchangeError::Cancelled => lang.pick("已取消", "cancelled").to_owned(),
            ExchangeError::Unencodable { who, what } => {
                let code = u32::from(*what);
                match lang {
                    Lang::Zh => format!("GB18030 里没有“{who}”一行的字符 U+{code:04X}"),
                    Lang::En => {
                        format!("GB18030 has no U+{code:04X}, which stands in the row of {who}")
                    }
                }
            }
            ExchangeError::Write { source } => format!(
                "{}: {source}",
                lang.pick("名单写不出去", "the list cannot be written")
            ),
        }
    }
}

/// Why the content of a file was not read; the caller adds the path.
#[derive(Debug)]
pub enum Refusal {
    /// Not understood.
    Strange(Strange),
    /// Over a limit.
    Limit(Limit),
    /// The disk said no.
    Disk(std::io::Error),
    /// The caller had enough.
    Cancelled,
}

impl From<std::io::Error> for Refusal {
    fn from(source: std::io::Error) -> Refusal {
        Refusal::Disk(source)
    }
}

impl From<Strange> for Refusal {
    fn from(strange: Strange) -> Refusal {
        Refusal::Strange(strange)
    }
}

impl From<Limit> for Refusal {
    fn from(limit: Limit) -> Refusal {
        Refusal::Limit(limit)
    }
}

impl Refusal {
    /// The error about a file.
    pub fn about(self, path: &Path) -> ExchangeError {
        let path = path.to_owned();
        match self {
            Refusal::Strange(what) => ExchangeError::Unknown { path, what },
            Refusal::Limit(what) => ExchangeError::TooLarge { path, what },
            Refusal::Disk(source) => ExchangeError::Disk { path, source },
            Refusal::Cancelled => ExchangeError::Cancelled,
        }
    }
}

/// The most sheets of a workbook.
pub const MOST_SHEETS: usize = 256;
/// The most columns.
pub const MOST_COLUMNS: usize = 512;
/// The most characters of a cell: Excel's own limit.
pub const MOST_CHARACTERS: usize = 32_767;
