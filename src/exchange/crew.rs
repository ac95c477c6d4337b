//! Rows to entries on every core: parsing a row's cells depends on no other row.
//!
//! Laying rows out (filling down) and taking entries in go row by row; what is between them, the most
//! of the work, does not.
//!
//! Invariant: entries come out in the file's order and are those that one core would make; however
//! long the file is, only a few thousand of them are on their way.

use crate::exchange::ExchangeError;
use crate::exchange::cell::Trouble;
use crate::exchange::choices::Choices;
use crate::exchange::entry::Entry;
use crate::exchange::entry::Last;
use crate::exchange::entry::Reader;
use crate::exchange::intake::Reason;
use crate::exchange::intake::Sample;
use crate::exchange::layout::Ledger;
use crate::exchange::verdict::Problem;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;
use std::thread;

/// The rows that are handed to a core at once.
const ROWS: usize = 512;
/// The batches that may wait to be taken in, for each core.
const WAITING: usize = 2;

/// What a row says, or why it is no resident's; with its number in its sheet.
type Line = (usize, Result<Entry, Reason>);

/// Rows that are read, with what stands in their columns.
#[derive(Default)]
struct Batch {
    lines: Vec<Line>,
    samples: Vec<Sample>,
}

/// Reads the rows of a ledger and hands them on in their order. Returns what stands in the columns.
pub(super) fn read(
    ledger: &Ledger<'_>,
    reader: &Reader<'_>,
    choices: &Choices,
    before: usize,
    mut each: impl FnMut(usize, Result<Entry, Reason>) -> Result<(), ExchangeError>,
) -> Result<Vec<Sample>, ExchangeError> {
    let blank = vec![Sample::default(); reader.columns.len()];
    let cores = thread::available_parallelism().map_or(1, usize::from);
    // This thread takes in what the others read.
    let crew = cores.saturating_sub(1).max(1);
    let rows = Mutex::new(ledger.rows());
    let (promise, promised) = mpsc::sync_channel(crew * WAITING);
    let parse = |rows: Vec<(usize, Result<Vec<&str>, Reason>)>| {
        let mut samples = blank.clone();
        let mut last = Last::default();
        let lines = rows.into_iter().map(|(number, row)| {
            let entry = row.map(|cells| {
                let entry = reader.read(&cells, choices.numbered(before + number), &mut last);
                sample(&mut samples, &cells, &entry);
                entry
            });
            (number, entry)
        });
        let lines = lines.collect();
        Batch { lines, samples }
    };
    // Whoever draws the next rows promises their batch before anybody else draws: promises are in
    // order, whoever keeps them first. Nobody waits for rows that nobody wants any more.
    let draw = |promise: &SyncSender<Receiver<Batch>>| {
        let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
        let drawn: Vec<_> = rows.by_ref().take(ROWS).collect();
        let (keep, kept) = mpsc::sync_channel(1);
        let is_wanted = !drawn.is_empty() && promise.send(kept).is_ok();
        is_wanted.then_some((drawn, keep))
    };
    thread::scope(|scope| {
        // Dropped when this returns, so that nobody waits to promise what is not wanted any more.
        let promised = promised;
        for _ in 0..crew {
            let promise = promise.clone();
            scope.spawn(move || {
                while let Some((drawn, keep)) = draw(&promise) {
                    // Nobody receives it once the import is cancelled.
                    keep.send(parse(drawn)).ok();
                }
            });
        }
        drop(promise);
        let mut samples = blank.clone();
        for batch in promised.iter().map_while(|batch| batch.recv().ok()) {
            for (number, entry) in batch.lines {
                each(number, entry)?;
            }
            for (whole, part) in samples.iter_mut().zip(&batch.samples) {
                whole.join(part);
            }
        }
        Ok(samples)
    })
}

/// Adds a row's cells to what is told of their columns.
fn sample(samples: &mut [Sample], cells: &[&str], entry: &Entry) {
    for (at, (sample, cell)) in samples.iter_mut().zip(cells).enumerate() {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        let lost = |problem: &Problem| {
            let is_taken = matches!(problem.trouble, Trouble::Unchecked(_));
            problem.column == Some(at) && !is_taken
        };
        sample.count(cell, !entry.problems.iter().any(lost));
    }
}
