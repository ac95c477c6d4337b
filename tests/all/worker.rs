//! The worker thread and the wait for it: a box with a bar, cancel, keys kept in order, a panic.

use crate::rig::Glass;
use crate::rig::Rig;
use crate::rig::moment;
use jumin::app::Done;
use jumin::app::Effect;
use jumin::app::Msg;
use jumin::app::import::Decision;
use jumin::app::key::Key;
use jumin::app::keymap::Keymap;
use jumin::app::prompt::Outgoing;
use jumin::model::Lang;
use jumin::model::change::Act;
use jumin::model::draft::Draft;
use jumin::term::TermError;
use jumin::term::front::Front;
use jumin::term::input::Event;
use jumin::term::pane::Pane;
use jumin::term::worker::Pulse;
use jumin::term::worker::Report;
use jumin::ui::Look;
use jumin::ui::theme::Theme;
use jumin::ui::work::Stop;
use jumin::ui::work::Work;
use std::fmt::Write;
use std::ops::ControlFlow;
use std::sync::mpsc::Sender;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// A front on glass, the line into it, and the glass to look through.
fn front() -> (Front<Glass>, Sender<Event>, Glass) {
    let glass = Glass::new(80, 24);
    let (sender, events) = channel();
    let pane = Pane::new(glass.terminal(80, 24));
    let front = Front::new(pane, Look::new(Theme::Colours), (sender.clone(), events));
    (front, sender, glass)
}

fn key(sender: &Sender<Event>, key: &str) {
    let key = Key::parse(key).unwrap();
    drop(sender.send(Event::Msg(Msg::Key(key))));
}

fn wait(glass: &Glass, text: &str) {
    let start = Instant::now();
    while !glass.text().contains(text) {
        let waited = start.elapsed() < LONGEST_WAIT;
        assert!(waited, "waited for {text}; the screen:\n{}", glass.text());
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Beside the loop: waits for a text, then does something. When that fails, the loop is told to
/// end, so that the test does.
fn once(
    sender: &Sender<Event>,
    glass: &Glass,
    text: &'static str,
    then: impl FnOnce(&Glass) + Send + 'static,
) -> JoinHandle<()> {
    struct Alarm(Sender<Event>);
    impl Drop for Alarm {
        fn drop(&mut self) {
            if std::thread::panicking() {
                drop(self.0.send(Event::Leave));
            }
        }
    }
    let (glass, alarm) = (glass.clone(), Alarm(sender.clone()));
    std::thread::spawn(move || {
        let _alarm = alarm;
        wait(&glass, text);
        then(&glass);
    })
}

/// Works until told to stop; how far it came.
fn endless(pulse: &mut Pulse) -> u64 {
    let report = |done| Report {
        what: None,
        done,
        total: 1_000_000,
    };
    let goes_on = |done: &u64| {
        std::thread::sleep(Duration::from_millis(1));
        pulse.tell(report(*done)).is_continue()
    };
    (250_000..).take_while(goes_on).count() as u64
}

/// What is still to be taken in.
fn kept(front: &mut Front<Glass>) -> Vec<String> {
    let left = std::iter::from_fn(|| front.take());
    left.map(|msg| match msg {
        Msg::Key(key) => key.show(),
        other => format!("{other:?}"),
    })
    .collect()
}

#[test]
fn a_long_work_shows_a_bar_and_can_be_cancelled() {
    let (mut front, sender, glass) = front();
    let keymap = Keymap::default();
    let person = once(&sender.clone(), &glass, " 25%", move |glass| {
        let text = glass.text();
        for part in ["读取并核对台账", "/ 1,000,000", "0 秒", "Esc 取消"] {
            assert!(text.contains(part), "{part} in:\n{text}");
        }
        key(&sender, "esc");
    });
    let work = Work::new("work-planning", Stop::Offered);
    let done = front.attend(work, (Lang::Zh, &keymap), endless).unwrap();
    person.join().unwrap();
    assert!(done > 0 && !front.is_leaving());
    assert!(front.take().is_none(), "the key that cancelled is spent");
}

#[test]
fn what_is_being_written_is_not_cancelled_and_leaving_waits_for_it() {
    let (mut front, sender, glass) = front();
    let keymap = Keymap::default();
    let (finish, finished) = channel::<()>();
    let person = once(&sender.clone(), &glass, "不能取消", move |glass| {
        key(&sender, "esc");
        key(&sender, "ctrl-c");
        wait(glass, "写完就退出");
        finish.send(()).unwrap();
    });
    let job = move |pulse: &mut Pulse| {
        finished.recv().unwrap();
        let report = Report {
            what: None,
            done: 1,
            total: 1,
        };
        pulse.tell(report)
    };
    let work = Work::new("work-saving", Stop::Never);
    let told = front.attend(work, (Lang::Zh, &keymap), job).unwrap();
    person.join().unwrap();
    assert_eq!(told, ControlFlow::Continue(()), "it was told to stop");
    assert!(front.is_leaving());
}

#[test]
fn keys_typed_before_the_box_are_kept_in_order_and_those_typed_to_it_are_not() {
    let (mut front, sender, glass) = front();
    let keymap = Keymap::default();
    let work = Work::new("work-saving", Stop::Never);
    for name in ["a", "1", "esc", "2"] {
        key(&sender, name);
    }
    front.attend(work, (Lang::Zh, &keymap), |_| ()).unwrap();
    front.receive(false, None);
    assert_eq!(kept(&mut front), ["a", "1", "esc", "2"]);
    let (finish, finished) = channel::<()>();
    key(&sender, "3");
    let person = once(&sender.clone(), &glass, "保存", move |_| {
        key(&sender, "4");
        finish.send(()).unwrap();
    });
    let job = move |_: &mut Pulse| finished.recv().unwrap();
    front.attend(work, (Lang::Zh, &keymap), job).unwrap();
    person.join().unwrap();
    assert!(front.take().is_none(), "a key was aimed at another screen");
}

/// Who opens the program and goes on typing finds what was typed.
#[test]
fn keys_typed_ahead_of_the_first_screen_are_kept_for_it() {
    let (mut front, sender, glass) = front();
    let keymap = Keymap::default();
    let (finish, finished) = channel::<()>();
    key(&sender, "z");
    let person = once(&sender.clone(), &glass, "打的字会留着", move |_| {
        for name in ["w", "x", "backspace", "esc", "1", "F2"] {
            key(&sender, name);
        }
        finish.send(()).unwrap();
    });
    let job = move |_: &mut Pulse| finished.recv().unwrap();
    let work = Work::new("work-opening", Stop::Ahead);
    front.attend(work, (Lang::Zh, &keymap), job).unwrap();
    person.join().unwrap();
    assert_eq!(kept(&mut front), ["z", "w", "x", "backspace", "1"]);
}

#[test]
fn a_panic_of_the_worker_ends_the_loop_with_its_words() {
    let (mut front, _sender, _glass) = front();
    let keymap = Keymap::default();
    let work = Work::new("work-saving", Stop::Never);
    let job = |_: &mut Pulse| -> u8 { panic!("the roof fell in") };
    let end = front.attend(work, (Lang::Zh, &keymap), job);
    assert!(matches!(end, Err(TermError::Bug(words)) if words.contains("the roof fell in")));
}

#[test]
fn the_box_is_drawn_over_the_last_frame() {
    let rig = Rig::new(80, 24, Lang::Zh);
    let (mut front, sender, glass) = front();
    let (mut app, desk, _dir) = rig.into_parts();
    front.show(&mut app, desk.index()).unwrap();
    let person = once(&sender.clone(), &glass, "不能取消", move |glass| {
        assert!(glass.text().contains("张秀英"), "{}", glass.text());
        drop(sender.send(Event::Msg(Msg::Tick)));
    });
    let job = |_: &mut Pulse| std::thread::sleep(Duration::from_millis(600));
    let work = Work::new("work-saving", Stop::Never);
    front.attend(work, (Lang::Zh, &app.keymap), job).unwrap();
    person.join().unwrap();
    front.show(&mut app, desk.index()).unwrap();
    assert!(!glass.text().contains("不能取消"), "{}", glass.text());
}

/// A ledger of so many rows.
fn ledger(path: &str, rows: u32) {
    let mut text = String::from("姓名,出生日期,联系电话\n");
    for row in 0..rows {
        let (month, day) = (row % 12 + 1, row % 28 + 1);
        writeln!(text, "赵{row},19{:02}-{month}-{day},", row % 100).unwrap();
    }
    std::fs::write(path, text).unwrap();
}

/// Waits for one of two texts, and says whether it was the first.
fn first(glass: &Glass, one: &str, other: &str) -> bool {
    let start = Instant::now();
    loop {
        let text = glass.text();
        if text.contains(one) || text.contains(other) {
            return text.contains(one);
        }
        let waited = start.elapsed() < LONGEST_WAIT;
        assert!(waited, "waited for {one} or {other}; the screen:\n{text}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A quick machine may be done with a ledger before anybody can cancel: the next is larger.
#[test]
fn planning_a_large_ledger_is_cancelled_and_nothing_is_changed() {
    const PLANNED: &str = "F2 照此导入";
    let rig = Rig::new(80, 24, Lang::Zh);
    let path = rig.file("large.csv");
    let (mut front, sender, glass) = front();
    let (app, desk, _dir) = rig.into_parts();
    let person = once(&sender.clone(), &glass, "随打随查", move |glass| {
        let cancels = |rows: &u32| {
            ledger(&path, *rows);
            key(&sender, "ctrl-o");
            wait(glass, "要导入的台账");
            drop(sender.send(Event::Msg(Msg::Paste(path.clone()))));
            key(&sender, "enter");
            if first(glass, "取消，什么也不改", PLANNED) {
                key(&sender, "esc");
                if first(glass, "已取消，什么也没有改", PLANNED) {
                    return true;
                }
            }
            key(&sender, "esc");
            wait(glass, "随打随查");
            false
        };
        assert!([20_000, 80_000, 320_000].iter().any(cancels));
        assert!(glass.text().contains("10 / 10 人"), "{}", glass.text());
        key(&sender, "ctrl-q");
    });
    jumin::term::run(&mut front, app, desk).unwrap();
    person.join().unwrap();
}

#[test]
fn every_effect_is_answered_by_one_message_of_its_kind() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let person = rig.person("李强");
    let mut draft = Draft::new(rig.desk.index().book());
    let note = jumin::model::value::Value::Text("保安".into());
    draft.set(person.subject(), jumin::model::person::NOTE, Some(note));
    let changes = draft.finish();
    let out = Outgoing {
        path: rig.file("list.csv"),
        ..Outgoing::default()
    };
    let note_field = jumin::model::field::by_key("note").unwrap();
    let effects = [
        Effect::Commit(Act::Edit, changes),
        Effect::Undo(None),
        Effect::History(person),
        Effect::Keep("thing", vec![1]),
        Effect::Kept("thing"),
        Effect::Look("/nowhere/".into()),
        Effect::Plan("/nowhere.csv".into()),
        Effect::Judge(Decision::Field(note_field, None)),
        Effect::TakeIn,
        Effect::Export(out, vec![person]),
        Effect::Demo,
        Effect::Quit,
    ];
    let said: Vec<&str> = effects
        .map(|effect| {
            let mut watch = |_, _| ControlFlow::Continue(());
            kind(&rig.desk.perform(effect, moment(9), Lang::Zh, &mut watch))
        })
        .to_vec();
    let want = [
        "committed",
        "undone",
        "history",
        "kept",
        "kept",
        "looked",
        "failed",
        "failed",
        "failed",
        "exported",
        "started",
        "tick",
    ];
    assert_eq!(said, want);
}

fn kind(msg: &Msg) -> &'static str {
    match msg {
        Msg::Key(_) | Msg::Paste(_) => "typed",
        Msg::Tick => "tick",
        Msg::Failed(_) => "failed",
        Msg::Done(done) => match done {
            Done::Committed(_) => "committed",
            Done::Undone(..) => "undone",
            Done::History(..) => "history",
            Done::Looks(..) => "looks",
            Done::Planned(..) => "planned",
            Done::Imported(..) => "imported",
            Done::Exported(..) => "exported",
            Done::Started(_) => "started",
            Done::Cancelled => "cancelled",
            Done::Kept(..) => "kept",
            Done::Looked(..) => "looked",
        },
    }
}
