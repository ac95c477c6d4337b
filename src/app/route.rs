//! The road of a message: to the text being typed, else through the keymap to the active screen.
//!
//! Invariant: an open text field takes printable keys first, whatever they are bound to.

use crate::app::App;
use crate::app::Choice;
use crate::app::Desk;
use crate::app::Done;
use crate::app::Effect;
use crate::app::Msg;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Screens;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::door::Door;
use crate::app::form;
use crate::app::import::Import;
use crate::app::key::Key;
use crate::app::leavers;
use crate::app::list::List;
use crate::app::meter;
use crate::app::past;
use crate::app::past::Past;
use crate::app::pick::Pick;
use crate::app::prompt::Prompt;
use crate::app::reveal;
use crate::app::reveal::Revealed;
use crate::app::speak::told;
use crate::app::welcome::First;
use crate::index::Index;
use crate::model::Lang;
use crate::model::change::Act;
use crate::model::change::Commit;
use crate::model::codes;
use crate::model::date::Now;
use crate::model::ids::PersonId;
use crate::model::person::Person;
use crate::model::value::Value;
use crate::model::visit;

/// So many of those whom an undo left are named.
const MOST_NAMED: usize = 5;

/// Takes a message in and says what the register should do.
pub fn update(app: &mut App, index: &Index, now: Now, msg: Msg) -> Vec<Effect> {
    app.revealed = app
        .revealed
        .filter(|revealed| revealed.until > now.milliseconds);
    let mut effects = Vec::new();
    let replies = match msg {
        Msg::Key(key) => press(app, index, now, key),
        Msg::Paste(text) => with_active(app, index, now, |screen, desk| screen.paste(desk, &text)),
        Msg::Tick => Vec::new(),
        Msg::Done(done) => settle(app, index, now, done),
        Msg::Failed(say) => {
            let failed = with_active(app, index, now, Screen::failed);
            app.notice = Some(Notice::new(Tone::Bad, say));
            failed
        }
    };
    follow(app, index, now, replies, &mut effects);
    effects
}

/// Puts on a new desk what it begins with.
pub fn start(app: &mut App, index: &Index, now: Now, first: &First) -> Vec<Effect> {
    let replies = match first {
        First::List => Vec::new(),
        First::Ledger => Prompt::ledger(),
        First::Door(text) => {
            let door = Door::new(index, text);
            vec![Reply::Open(Screen::Door(Box::new(door)))]
        }
    };
    let mut effects = Vec::new();
    follow(app, index, now, replies, &mut effects);
    effects
}

/// Carries out what a screen answered.
fn follow(app: &mut App, index: &Index, now: Now, replies: Vec<Reply>, effects: &mut Vec<Effect>) {
    for reply in replies {
        if !index.role().alters() && reply.alters() {
            app.notice = Some(Notice::new(Tone::Warn, Say::plain("role-only-looks")));
            continue;
        }
        match reply {
            Reply::Effect(effect) => effects.push(effect),
            Reply::Open(screen) => app.screens.open(screen),
            Reply::Close => app.screens.close(),
            Reply::Say(notice) => app.notice = Some(notice),
            Reply::Choose(Choice::Run(action)) => {
                let replies = act(app, index, now, action, None);
                follow(app, index, now, replies, effects);
            }
            Reply::Choose(Choice::Ledger(path)) => effects.push(Effect::Plan(path)),
            Reply::Choose(choice) => {
                let replies = with_active(app, index, now, |s, desk| s.choose(desk, choice));
                follow(app, index, now, replies, effects);
            }
        }
    }
}

fn with_active<T>(
    app: &mut App,
    index: &Index,
    now: Now,
    each: impl FnOnce(&mut Screen, &Desk<'_>) -> T,
) -> T {
    with_screens(app, index, now, |screens, desk| {
        each(&mut screens.active, desk)
    })
}

fn with_screens<T>(
    app: &mut App,
    index: &Index,
    now: Now,
    each: impl FnOnce(&mut Screens, &Desk<'_>) -> T,
) -> T {
    let desk = Desk {
        index,
        now,
        lang: app.lang,
        worker: &app.worker,
        seen: app.seen,
        revealed: app.revealed,
        looks: &app.looks,
    };
    each(&mut app.screens, &desk)
}

fn press(app: &mut App, index: &Index, now: Now, key: Key) -> Vec<Reply> {
    app.notice = None;
    let scope = app.screens.active.scope();
    if app.screens.active.is_typing()
        && (key.typed().is_some() || app.keymap.action(scope, key).is_none())
    {
        return with_active(app, index, now, |screen, desk| screen.typed(desk, key));
    }
    let key = key.folded();
    match app.keymap.action(scope, key) {
        Some(action) => act(app, index, now, action, Some(key)),
        None => with_active(app, index, now, |screen, desk| screen.stray(desk, key)),
    }
}

/// Runs an action: what belongs anywhere here, the rest on the active screen.
fn act(app: &mut App, index: &Index, now: Now, action: Action, key: Option<Key>) -> Vec<Reply> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all others are the screen's own"
    )]
    match action {
        Action::Help | Action::Palette => {
            let title = if action == Action::Help {
                "pick-help"
            } else {
                "pick-palette"
            };
            let scope = app.screens.active.scope();
            let pick = Pick::actions(scope, &app.keymap, app.lang, title);
            vec![Reply::Open(Screen::Pick(Box::new(pick)))]
        }
        Action::Perf => {
            let pick = app.meter.pick(index);
            vec![Reply::Open(Screen::Pick(Box::new(pick)))]
        }
        Action::Undo => vec![Reply::Effect(Effect::Undo(None))],
        Action::Language => {
            app.lang = if app.lang == Lang::Zh {
                Lang::En
            } else {
                Lang::Zh
            };
            refresh(app, index, now);
            Vec::new()
        }
        Action::Lock => vec![Reply::Effect(Effect::Lock)],
        Action::Quit => vec![Reply::Effect(Effect::Quit)],
        // Where there is no register yet, one is begun first.
        Action::Import if app.screens.active.scope() != Scope::Welcome => Prompt::ledger(),
        action => with_active(app, index, now, |screen, desk| {
            screen.act(desk, action, key)
        }),
    }
}

/// Takes in what an effect did.
fn settle(app: &mut App, index: &Index, now: Now, done: Done) -> Vec<Reply> {
    match done {
        Done::Committed(commit) => settle_commit(app, index, now, &commit),
        Done::Undone(commit, left) => settle_undo(app, index, now, &commit, &left),
        Done::History(person, commits) => {
            for screen in app.screens.all_mut() {
                if let Screen::Card(card) = screen {
                    card.take_history(person, &commits);
                }
            }
            Vec::new()
        }
        Done::Looks(person, commits) => {
            let preview = reveal::looks(index, app.lang, person, &commits);
            vec![Reply::Open(Screen::Preview(Box::new(preview)))]
        }
        Done::Planned(outlook) => {
            if let Screen::Import(import) = &mut app.screens.active {
                import.renew(outlook);
                return Vec::new();
            }
            vec![Reply::Open(Screen::Import(Box::new(Import::new(outlook))))]
        }
        Done::Imported(commit, rejects) => settle_import(app, index, now, &commit, rejects),
        Done::Exported(file, people) => {
            let args = [("file", file), ("people", people.to_string())];
            app.notice = Some(Notice::new(Tone::Good, Say::with("notice-exported", args)));
            Vec::new()
        }
        Done::Started(say) => {
            app.screens = Screens::new(Screen::List(Box::new(List::new(index, app.lang))));
            app.notice = Some(Notice::new(Tone::Good, say));
            Vec::new()
        }
        Done::Cancelled => {
            app.notice = Some(Notice::new(Tone::Warn, Say::plain("notice-cancelled")));
            Vec::new()
        }
        Done::Looked(typed, offers) => {
            if let Screen::Prompt(prompt) = &mut app.screens.active {
                prompt.take_offers(&typed, offers);
            }
            Vec::new()
        }
        Done::Kept(meter::KEPT, bytes) => {
            let bytes = bytes.unwrap_or_default();
            app.meter.take_kept(&bytes, now.today);
            Vec::new()
        }
        Done::Kept(past::KEPT, bytes) => {
            for screen in app.screens.all_mut() {
                if let (Screen::List(list), Some(bytes)) = (screen, &bytes) {
                    list.past = Past::read(bytes);
                }
            }
            Vec::new()
        }
        Done::Kept(name, bytes) => with_active(app, index, now, |screen, desk| {
            screen.kept(desk, name, bytes.as_deref())
        }),
    }
}

fn settle_undo(
    app: &mut App,
    index: &Index,
    now: Now,
    commit: &Commit,
    left: &[PersonId],
) -> Vec<Reply> {
    refresh(app, index, now);
    let names = left.iter().filter_map(|id| index.book().person(*id));
    let names: Vec<&str> = names.map(Person::name).take(MOST_NAMED).collect();
    let args = [
        ("what", count(commit)),
        ("left", left.len().to_string()),
        ("names", names.join("、")),
    ];
    let key = if left.is_empty() {
        "notice-undone"
    } else {
        "notice-undone-left"
    };
    app.notice = Some(Notice::new(Tone::Good, Say::with(key, args)));
    with_active(app, index, now, |screen, desk| screen.undone(desk, commit))
}

fn settle_import(
    app: &mut App,
    index: &Index,
    now: Now,
    commit: &Commit,
    rejects: Option<String>,
) -> Vec<Reply> {
    if let Screen::Import(_) = app.screens.active {
        app.screens.close();
    }
    refresh(app, index, now);
    let (key, file) = match rejects {
        Some(file) => ("notice-imported-rejects", file),
        None => ("notice-imported", String::new()),
    };
    let args = [("what", count(commit)), ("file", file)];
    app.notice = Some(Notice {
        tone: Tone::Good,
        say: Say::with(key, args),
        undo: true,
    });
    Vec::new()
}

fn settle_commit(app: &mut App, index: &Index, now: Now, commit: &Commit) -> Vec<Reply> {
    if let Act::Look {
        subject,
        field: Some(field),
        ..
    } = commit.act
    {
        app.looks.retain(|at| at + reveal::SPAN > now.milliseconds);
        app.looks.push(now.milliseconds);
        let until = now.milliseconds + reveal::MILLISECONDS;
        app.revealed = Some(Revealed {
            subject,
            field,
            until,
        });
    }
    refresh(app, index, now);
    app.notice = committed(index, app.lang, commit);
    with_active(app, index, now, |screen, desk| {
        screen.committed(desk, commit)
    })
}

/// Lets every screen see the changed register.
fn refresh(app: &mut App, index: &Index, now: Now) {
    with_screens(app, index, now, |screens, desk| {
        for screen in screens.all_mut() {
            screen.refresh(desk);
        }
    });
}

fn count(commit: &Commit) -> String {
    let mut subjects: Vec<_> = commit.changes.iter().map(|change| change.subject).collect();
    subjects.sort();
    subjects.dedup();
    subjects.len().to_string()
}

/// What to say of a commit; a look and a kept desk say nothing.
fn committed(index: &Index, lang: Lang, commit: &Commit) -> Option<Notice> {
    let say = match &commit.act {
        Act::Classify { what, people } => Say::with(
            "notice-classified",
            [
                ("what", told(index, lang, what)),
                ("people", people.to_string()),
            ],
        ),
        Act::Edit => Say::plain("notice-edited"),
        Act::View => Say::plain("notice-view"),
        Act::Setting => Say::plain("notice-setting"),
        Act::Enter => form::entered(index, commit),
        Act::Look { .. } => Say::plain("notice-revealed"),
        Act::Merge { stays, .. } => Say::with("notice-merged", [("who", name(index, *stays))]),
        Act::Part { stays, goes } => {
            let two = [("one", name(index, *stays)), ("other", name(index, *goes))];
            Say::with("notice-parted", two)
        }
        Act::Apart { one, other } => {
            let two = [("one", name(index, *one)), ("other", name(index, *other))];
            Say::with("notice-apart", two)
        }
        Act::Visit {
            result,
            verified,
            people,
        } => visited(index, lang, commit, (result, *verified, *people)),
        Act::Remove { how, people, .. } => leavers::removed(*how, *people),
        Act::Init
        | Act::Demo { .. }
        | Act::Import { .. }
        | Act::Ledger { .. }
        | Act::Undo
        | Act::Reveal { .. }
        | Act::Export { .. }
        | Act::Send(_)
        | Act::Veiled => {
            return None;
        }
    };
    let undo = !commit.changes.is_empty();
    Some(Notice {
        tone: Tone::Good,
        say,
        undo,
    })
}

fn name(index: &Index, id: PersonId) -> String {
    let person = index.book().person(id);
    person.map_or(String::new(), |one| one.name().to_owned())
}

/// What to say of a visit: who was called on, and what came of it.
fn visited(
    index: &Index,
    lang: Lang,
    commit: &Commit,
    (result, verified, people): (&str, bool, u64),
) -> Say {
    let about = commit.changes.iter().find_map(|change| {
        let Some(Value::Link(id)) = change.new else {
            return None;
        };
        (change.field == visit::PERSON).then_some(PersonId(id))
    });
    let who = about.and_then(|id| index.book().person(id));
    let result = codes::name("visit-result", result, lang).unwrap_or(result);
    let args = [
        ("who", who.map_or("", Person::name).to_owned()),
        ("more", people.saturating_sub(1).to_string()),
        ("result", result.to_owned()),
    ];
    let key = match (people > 1, verified) {
        (false, false) => "notice-visited",
        (false, true) => "notice-verified",
        (true, false) => "notice-visited-all",
        (true, true) => "notice-verified-all",
    };
    Say::with(key, args)
}
