//! The sled trees, the journal's current state, on a thread of their own.
//!
//! Nobody who saves waits for this thread. It is spoken to by jobs and answers by reports; whoever
//! waits for a report has a deadline, so a sled that hangs costs a delay and no more.
//!
//! Invariant: what is here can be thrown away at any moment; the journal makes it again.

use crate::store::Notice;
use crate::store::Reason;
use crate::store::engine::Engine;
use crate::store::keeper::Keeper;
use crate::store::mark::Mark;
use crate::store::scan::Source;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;
use std::sync::mpsc::channel;
use std::time::Duration;

/// What the thread is asked to do, in order.
pub(crate) enum Job {
    /// Come into step with the journal at this commit, from what is there or from nothing.
    Settle {
        /// The last commit.
        last: u64,
        /// Whether to build everything again.
        rebuild: bool,
    },
    /// Take in a commit: its number and the payload of its frame, still sealed.
    Apply(u64, Vec<u8>),
    /// Count everything once, and build it again when something is lost.
    Verify,
    /// Count everything and answer.
    Compare(Sender<Result<Mark, Reason>>),
    /// Have everything on the disk and end.
    Close,
}

/// What the thread says.
pub(crate) enum Report {
    /// What is there, before anything is done.
    Found(Found),
    /// It is at work: so many are done, of so many.
    Working(u64, u64),
    /// It is in step.
    Settled,
    /// Something was wrong, and everything was built again.
    Rebuilt(Reason),
    /// It cannot go on.
    Failed(Reason),
    /// It has ended well.
    Closed,
}

/// What the thread finds when it opens the trees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// What the trees say of themselves.
    pub(crate) mark: Option<Mark>,
    /// Why they are not to be trusted.
    pub(crate) fault: Option<Reason>,
}

/// Where the trees are, and in what.
#[derive(Clone)]
pub(crate) struct Site {
    /// The register's folder.
    pub(crate) dir: PathBuf,
    /// The journal.
    pub(crate) source: Source,
    /// What opens trees.
    pub(crate) engine: Arc<dyn Engine>,
    /// How long a silence is suffered.
    pub(crate) patience: Duration,
}

/// The handle of the thread.
pub(crate) struct Tables {
    jobs: Sender<Job>,
    reports: Receiver<Report>,
    stop: Arc<AtomicBool>,
    patience: Duration,
}

/// Building again and counting everything may be silent this many times as long as other work: the
/// largest frame is decoded in one go.
const ROUNDS: u32 = 12;

impl Tables {
    /// Starts the thread; it looks at what is there, or passes it by.
    pub(crate) fn start(site: &Site, look: bool) -> std::io::Result<Tables> {
        let (jobs, queue) = channel();
        let (answers, reports) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let keeper = Keeper::new(site.clone(), answers, Arc::clone(&stop));
        std::thread::Builder::new()
            .name("sled-keeper".into())
            .spawn(move || keeper.run(look, &queue))?;
        Ok(Tables {
            jobs,
            reports,
            stop,
            patience: site.patience,
        })
    }

    /// What the thread found, unless it is silent.
    pub(crate) fn found(&self) -> Result<Found, Reason> {
        match self.reports.recv_timeout(self.patience) {
            Ok(Report::Found(found)) => Ok(found),
            Ok(Report::Failed(why)) => Err(why),
            Ok(_) | Err(_) => Err(Reason::Silent),
        }
    }

    /// Brings the trees into step with the journal. Returns why they had to be built again after
    /// all, if they had to.
    pub(crate) fn settle(
        &self,
        last: u64,
        rebuild: bool,
        working: &mut dyn FnMut(u64, u64),
    ) -> Result<Option<Reason>, Reason> {
        self.send(Job::Settle { last, rebuild });
        let mut late = None;
        loop {
            match self.reports.recv_timeout(self.patience * ROUNDS) {
                Ok(Report::Working(done, total)) => working(done, total),
                Ok(Report::Rebuilt(why)) => late = Some(why),
                Ok(Report::Settled) => return Ok(late),
                Ok(Report::Failed(why)) => return Err(why),
                Ok(Report::Found(_) | Report::Closed) => {}
                Err(_) => return Err(Reason::Silent),
            }
        }
    }

    /// Hands on a commit that is in the journal.
    pub(crate) fn apply(&self, number: u64, payload: Vec<u8>) {
        self.send(Job::Apply(number, payload));
    }

    /// Has everything counted once, and built again when something is lost; the news tell.
    pub(crate) fn verify(&self) {
        self.send(Job::Verify);
    }

    /// Counts everything in the trees.
    pub(crate) fn compare(&self) -> Result<Mark, Reason> {
        let (answer, answers) = channel();
        self.send(Job::Compare(answer));
        answers
            .recv_timeout(self.patience * ROUNDS)
            .unwrap_or(Err(Reason::Silent))
    }

    /// What has happened since the last call.
    pub(crate) fn news(&self) -> Vec<Notice> {
        self.reports.try_iter().filter_map(Report::notice).collect()
    }

    /// Lets the thread finish, as long as it gives signs of life.
    pub(crate) fn close(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.send(Job::Close);
        loop {
            match self.reports.recv_timeout(self.patience) {
                Ok(Report::Closed | Report::Failed(_)) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }

    fn send(&self, job: Job) {
        // A thread that has ended has said why; nothing is lost with the job.
        drop(self.jobs.send(job));
    }
}

impl Drop for Tables {
    /// Whoever lets go of the thread gives it up: it may hang, and shall touch nothing if it wakes.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Report {
    fn notice(self) -> Option<Notice> {
        match self {
            Report::Rebuilt(why) => Some(Notice::Rebuilt { why }),
            Report::Failed(why) => Some(Notice::WithoutSled { why }),
            Report::Found(_) | Report::Working(..) | Report::Settled | Report::Closed => None,
        }
    }
}

/// The folders of trees that are there, oldest first.
pub(crate) fn homes(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return vec![];
    };
    let mut all: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| number(path).is_some())
        .collect();
    all.sort_by_key(|path| number(path));
    all
}

/// A folder for new trees, later than all that are there.
pub(crate) fn fresh(dir: &Path) -> PathBuf {
    let last = homes(dir).last().and_then(|path| number(path));
    dir.join(format!("store-{:04}", last.unwrap_or(0) + 1))
}

fn number(path: &Path) -> Option<u64> {
    path.file_name()?
        .to_str()?
        .strip_prefix("store-")?
        .parse()
        .ok()
}
