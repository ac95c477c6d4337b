//! The real binary in a real (pseudo) terminal: a morning at the desk, and the terminal left as it
//! was found.

use crate::rig::asked;
use memchr::memmem;
use portable_pty::Child;
use portable_pty::CommandBuilder;
use portable_pty::ExitStatus;
use portable_pty::PtySize;
use portable_pty::native_pty_system;
use std::io::Read;
use std::io::Write;
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How a program asks where the cursor is.
const WHERE: &[u8] = b"\x1b[6n";

/// The program on a screen of 80 by 24.
pub struct Desk {
    child: Box<dyn Child + Send + Sync>,
    keys: Arc<Mutex<Box<dyn Write + Send>>>,
    screen: Arc<Mutex<vt100::Parser>>,
    pty: Box<dyn portable_pty::MasterPty + Send>,
}

impl Desk {
    pub fn open(dir: &Path, args: &[&str]) -> Desk {
        Desk::open_for(Some("王芳"), 24, dir, args)
    }

    /// The same for somebody whom the environment names, or nobody, on a screen of so many rows.
    fn open_for(worker: Option<&str>, rows: u16, dir: &Path, args: &[&str]) -> Desk {
        let size = PtySize {
            rows,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pty = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_jumin"));
        command.args(args);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("LANG", "zh_CN.UTF-8");
        command.env("HOME", dir);
        if let Some(worker) = worker {
            command.env("JUMIN_WORKER", worker);
        }
        command.env("JUMIN_REGISTER", dir.join("register"));
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let (rows, cols) = (NonZeroU16::new(rows).unwrap(), NonZeroU16::new(80).unwrap());
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows, cols, 0)));
        let mut out = pty.master.try_clone_reader().unwrap();
        let keys = Arc::new(Mutex::new(pty.master.take_writer().unwrap()));
        let (shown, answers) = (Arc::clone(&screen), Arc::clone(&keys));
        std::thread::spawn(move || {
            let mut bytes = [0; 8192];
            while let Ok(count @ 1..) = out.read(&mut bytes) {
                let mut screen = shown.lock().unwrap();
                screen.process(&bytes[..count]);
                if memmem::find(&bytes[..count], WHERE).is_some() {
                    let (row, column) = screen.screen().cursor_position();
                    let answer = format!("\x1b[{};{}R", row + 1, column + 1);
                    answers
                        .lock()
                        .unwrap()
                        .write_all(answer.as_bytes())
                        .unwrap();
                }
            }
        });
        Desk {
            child,
            keys,
            screen,
            pty: pty.master,
        }
    }

    pub fn press(&mut self, keys: &str) -> &mut Desk {
        let mut to = self.keys.lock().unwrap();
        to.write_all(keys.as_bytes()).unwrap();
        to.flush().unwrap();
        drop(to);
        self
    }

    /// The program's number among those of the system.
    pub fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Forgets what the screen showed.
    pub fn clear(&mut self) {
        self.screen.lock().unwrap().process(b"\x1b[2J\x1b[H");
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Waits until the screen fits, and shows it when it never does.
    fn wait(&mut self, what: &str, fits: impl Fn(&vt100::Screen) -> bool) -> &mut Desk {
        let start = Instant::now();
        while start.elapsed() < LONGEST_WAIT {
            if fits(self.screen.lock().unwrap().screen()) {
                return self;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("waited for {what}; the screen:\n{}", self.text());
    }

    pub fn shows(&mut self, text: &str) -> &mut Desk {
        self.wait(text, |screen| screen.contents().contains(text))
    }

    /// Whether the terminal shows what is typed.
    pub fn echoes(&self) -> bool {
        let modes = self.pty.get_termios().unwrap();
        let modes = format!("{:?}", modes.local_flags);
        modes
            .split(|c: char| !c.is_alphanumeric())
            .any(|mode| mode == "ECHO")
    }

    /// Waits until the program has ended.
    pub fn ends(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < LONGEST_WAIT, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn lacks(&mut self, text: &str) -> &mut Desk {
        assert!(!self.text().contains(text), "{text}: {}", self.text());
        self
    }

    pub fn leave(&mut self) {
        self.press("\x11");
        self.wait("the alternate screen to be left", |screen| {
            !screen.alternate_screen()
        });
        let status = self.ends();
        assert!(status.success(), "{status:?}");
        let screen = self.screen.lock().unwrap();
        assert!(
            !screen.screen().bracketed_paste(),
            "bracketed paste is still on"
        );
        assert!(!screen.screen().hide_cursor(), "the cursor is still hidden");
    }
}

const F8: &str = "\x1b[19~";
const F2: &str = "\x1bOQ";
const F4: &str = "\x1bOS";
const ESC_THEN: Duration = Duration::from_millis(50);

/// Esc followed at once by another key would read as Alt with that key.
fn esc(desk: &mut Desk) {
    desk.press("\x1b");
    std::thread::sleep(ESC_THEN);
}

const PASSPHRASE: &str = "山水之间 long enough\r";

/// Answers what is asked before a sealed register is made.
fn seal(desk: &mut Desk) {
    desk.shows("王芳 的新口令").press(PASSPHRASE);
    desk.shows("再打一次").press(PASSPHRASE);
    desk.shows("第 17 到第 22 个字符");
    let text = desk.text();
    let line = text.lines().find(|line| line.contains("AGE-SECRET-KEY-1"));
    let paper = line.unwrap().trim().to_owned();
    desk.press(&format!("{}\r", &paper[16..22]));
    desk.shows("第 69 到第 74 个字符");
    desk.press(&format!("{}\r", &paper[68..74]));
    // Nobody reads it off the screen afterwards.
    desk.wait("the key to be gone", |screen| {
        !screen.contents().contains("AGE-SECRET-KEY-1")
    });
}

/// Begins an empty register that is not sealed.
fn begin_open(desk: &mut Desk) {
    desk.shows("从空册开始").press("4").shows("加密：否");
    desk.press("3").shows("随打随查");
}

#[test]
fn whoever_breaks_off_the_first_run_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let register = dir.path().join("register");
    let mut desk = Desk::open(dir.path(), &[]);
    desk.shows("加密：是").press("3");
    desk.shows("王芳 的新口令").press("\x03").ends();
    assert!(!register.exists());
    // Mistyped, it is asked for again; the key on paper comes before the register too.
    let mut desk = Desk::open(dir.path(), &[]);
    desk.shows("从空册开始").press("3");
    desk.shows("王芳 的新口令").press("short\r").shows("太短");
    desk.press(PASSPHRASE)
        .shows("再打一次")
        .press("otherwise\r");
    desk.shows("不一样").press(PASSPHRASE);
    desk.press(PASSPHRASE).shows("第 17 到第 22 个字符");
    assert!(!register.exists());
    desk.press("\x03").ends();
    assert!(!register.exists());
    // What was chosen the last time is made whole, and asks for the passphrase.
    let mut desk = Desk::open(dir.path(), &[]);
    desk.shows("从空册开始").press("3");
    seal(&mut desk);
    desk.shows("随打随查").leave();
    // From its first day on this computer knows how far it has seen it.
    let seen = std::fs::read_dir(dir.path().join(".local/share/jumin/seen"));
    assert_eq!(seen.unwrap().count(), 1);
    let mut desk = Desk::open(dir.path(), &[]);
    desk.shows("王芳 的口令").press(PASSPHRASE);
    desk.shows("随打随查").leave();
}

/// The recovery key's picture stands whole on a screen of 40 rows, beside what has to be copied, and
/// a scanner reads it there.
#[test]
fn the_picture_of_the_recovery_key_fits_the_screen() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open_for(Some("王芳"), 40, dir.path(), &["init"]);
    desk.shows("王芳 的新口令").press(PASSPHRASE);
    desk.shows("再打一次").press(PASSPHRASE);
    desk.shows("第 17 到第 22 个字符");
    let text = desk.text();
    let paper = text.lines().find(|line| line.contains("AGE-SECRET-KEY-1"));
    let screen = desk.screen.lock().unwrap();
    let rows = (0..40).filter(|row| screen.screen().cell(*row, 0).unwrap().contents() == "▀");
    let mut shades: Vec<Vec<u8>> = vec![];
    for row in rows {
        let cells = (0..80).map(|column| screen.screen().cell(row, column).unwrap());
        let cells = cells.filter(|cell| cell.contents() == "▀");
        let shade = |colour, dark| {
            if colour == vt100::Color::Idx(dark) {
                0
            } else {
                255
            }
        };
        let pair = cells.map(|cell| [shade(cell.fgcolor(), 0), shade(cell.bgcolor(), 0)]);
        let (upper, lower) = pair.map(|[upper, lower]| (upper, lower)).unzip();
        shades.extend([upper, lower]);
    }
    let (width, height) = (shades[0].len() * 4, shades.len() * 4);
    let shade = |x: usize, y: usize| shades[y / 4][x / 4];
    let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, height, shade);
    let (_, read) = seen.detect_grids()[0].decode().unwrap();
    assert_eq!(Some(read.as_str()), paper.map(str::trim));
}

/// Where the environment names nobody, the founder is asked, and is known by that name afterwards.
#[test]
fn who_begins_a_register_is_asked_for_a_name() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open_for(None, 24, dir.path(), &[]);
    desk.shows("从空册开始").press("3");
    desk.shows("您的姓名").press(" \r").press("赵 敏\r");
    desk.shows("赵 敏 的新口令").press("\x03").ends();
    let mut desk = Desk::open_for(None, 24, dir.path(), &["init", "--then", "list"]);
    desk.shows("您的姓名").press("王芳\r");
    seal(&mut desk);
    desk.shows("随打随查").leave();
    let mut desk = Desk::open_for(None, 24, dir.path(), &[]);
    desk.shows("口令").press(PASSPHRASE);
    desk.shows("随打随查").press("\x0e").shows("新居民");
    desk.press("钱伯年8-1-302")
        .shows("8-1-302")
        .press("\x13")
        .shows("已录入");
    desk.leave();
    let mut desk = Desk::open_for(None, 24, dir.path(), &["log"]);
    desk.shows("口令").press(PASSPHRASE);
    desk.shows("王芳").lacks("未署名").ends();
}

#[test]
fn the_demo_of_the_first_run_is_there_again() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let mut desk = Desk::open(dir.path(), &[]);
        desk.shows("看看示例社区").press("1").shows("3,000 人");
        desk.leave();
    }
    assert!(!dir.path().join("register").exists());
    // While somebody looks at it, another is told so.
    let mut one = Desk::open(dir.path(), &[]);
    one.shows("看看示例社区").press("1").shows("3,000 人");
    let mut other = Desk::open(dir.path(), &[]);
    other.shows("看看示例社区").press("1").shows("正在别处打开");
    other.leave();
    one.leave();
}

#[test]
fn a_morning_at_the_desk() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/ledger-sample.csv");
    let copy = dir.path().join("ledger.csv");
    std::fs::copy(ledger, &copy).unwrap();
    // The first run: import a ledger into a sealed register, look at the preview, accept.
    let mut desk = Desk::open(dir.path(), &[]);
    desk.shows("导入一份台账").press("\x1b[B\r");
    seal(&mut desk);
    desk.shows("要导入的台账");
    desk.press(&copy.display().to_string())
        .press("\r")
        .shows("新增");
    desk.press(F2).shows("已导入");
    // Search: every word narrows; the caret is where the input method looks for it.
    desk.press("zhang")
        .wait("the caret behind the word", |screen| {
            screen.cursor_position() == (1, 8) && screen.contents().contains("zhang")
        });
    desk.press("\x15").shows("随打随查");
    // Sort the first of the queue, then undo it.
    desk.press(F2).shows(" 0/");
    let before = desk.text();
    desk.press("1")
        .wait("the next one", |screen| screen.contents() != before);
    desk.press(" ").shows(" 2/");
    let left = row(&desk.text(), 1);
    desk.leave();
    // The next morning everything is there, and the sorting goes on where it was left.
    let mut desk = Desk::open(dir.path(), &[]);
    desk.shows("王芳 的口令").press(PASSPHRASE);
    desk.shows("随打随查").press(F2).shows(" 2/");
    assert_eq!(row(&desk.text(), 1), left);
    esc(&mut desk);
    desk.shows("随打随查").press(F8).shows("已撤销");
    desk.leave();
}

/// The whole way of a family: entered, visited, one of them moved out, found again at the door.
#[test]
fn a_family_from_the_form_to_the_doorstep() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(dir.path(), &[]);
    begin_open(&mut desk);
    desk.press("\x0e").shows("新居民");
    // Two of one household: the second takes over the address.
    desk.press("钱伯年8-1-302").shows("8-1-302").press(F2);
    desk.shows("同住")
        .press("3钱小雨")
        .press("\x13")
        .shows("已录入");
    desk.press("qxy")
        .shows("1 人")
        .press(F4)
        .shows("见到")
        .press("1")
        .shows("走访");
    // The household, with one key from the list; its second member moved out in October.
    desk.press("\x07").shows("在册 2 人");
    let row_of = |desk: &Desk, name: &str| desk.text().lines().position(|line| line.contains(name));
    let (first, second) = (row_of(&desk, "钱伯年"), row_of(&desk, "钱小雨"));
    assert!(first < second, "{}", desk.text());
    desk.press(" ")
        .shows("迁出本社区")
        .press("\r")
        .shows("哪一天");
    desk.press("2025-10-01\r").shows("在册 1 人");
    desk.leave();
    let mut desk = Desk::open(dir.path(), &["door", "qbn"]);
    desk.shows("上门")
        .shows("钱伯年")
        .press("\r")
        .shows("问一问");
    desk.shows("钱小雨").shows("迁出").shows("王芳");
    esc(&mut desk);
    // Who moved out is found when asked for so.
    desk.press("\x15is:moved\r").shows("问一问").shows("钱小雨");
    esc(&mut desk);
    esc(&mut desk);
    esc(&mut desk);
    desk.shows("随打随查");
    desk.leave();
}

/// The left part of a row of the screen.
fn row(screen: &str, row: usize) -> String {
    let line = screen.lines().nth(row).unwrap_or_default();
    line.split('│').next().unwrap_or_default().trim().to_owned()
}

#[test]
fn the_terminal_is_given_back_after_a_signal() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(dir.path(), &[]);
    begin_open(&mut desk);
    let pid = desk.child.process_id().unwrap().to_string();
    let kill = std::process::Command::new("kill")
        .args(["-TERM", &pid])
        .status()
        .unwrap();
    assert!(kill.success());
    desk.wait("the alternate screen to be left", |screen| {
        !screen.alternate_screen()
    });
    assert!(!desk.screen.lock().unwrap().screen().bracketed_paste());
}

/// How many times the program is killed in the middle of a form, or `JUMIN_KILLS`.
const KILLS: u64 = 10;

#[test]
fn a_killed_form_holds_every_character_but_the_last() {
    let dir = tempfile::tempdir().unwrap();
    let mut chance = fastrand::Rng::with_seed(5);
    let mut desk = Desk::open(dir.path(), &[]);
    begin_open(&mut desk);
    desk.press("\x0e").shows("新居民");
    let names: Vec<char> = "赵钱孙李周吴郑王冯陈".chars().collect();
    let mut typed = String::new();
    for kill in 0..asked("KILLS", KILLS) {
        // Some more characters, one by one; all but the last have been shown when it is killed.
        for _ in 0..chance.usize(1..6) {
            desk.shows(&typed);
            if typed.chars().count() == 15 {
                let full = std::mem::take(&mut typed);
                desk.press("\x15")
                    .wait("a blank name", |screen| !screen.contents().contains(&full));
            }
            let c = chance.choice(names.clone()).unwrap();
            desk.press(&c.to_string());
            typed.push(c);
        }
        std::thread::sleep(Duration::from_micros(chance.u64(0..4000)));
        desk.child.kill().unwrap();
        desk.child.wait().unwrap();
        desk = Desk::open(dir.path(), &[]);
        let kept = named(&mut desk);
        let shorter: String = typed.chars().take(typed.chars().count() - 1).collect();
        assert!(
            kept == typed || kept == shorter,
            "kill {kill}: {typed} came back as {kept}"
        );
        typed = kept;
    }
    // Saved, it does not come back.
    desk.press("好").press("\x13").shows("已录入");
    desk.leave();
    let mut desk = Desk::open(dir.path(), &[]);
    desk.shows("随打随查");
    assert!(!desk.text().contains("新居民"));
}

/// The name on the reopened form, or nothing when there was none to reopen.
fn named(desk: &mut Desk) -> String {
    // The last row is the last to be drawn.
    desk.wait("a whole screen", |screen| {
        screen.contents().contains("Esc ")
    });
    if !desk.text().contains("新居民") {
        desk.press("\x0e").shows("新居民");
    }
    let line = row(&desk.text(), 1);
    let text = line.trim_start_matches("姓名").trim();
    let name: String = text.chars().take_while(|c| *c != ' ').collect();
    if name == "还没有姓名" {
        String::new()
    } else {
        name
    }
}
