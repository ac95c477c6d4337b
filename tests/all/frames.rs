//! Frame after frame on a terminal of glass: whatever was on it, it shows what was drawn.
//!
//! A wide character that is half covered, or that a box is taken away from, is where the two may part:
//! only the cells that changed are sent. `JUMIN_FRAMES` for another number of sequences.

use crate::rig::Glass;
use crate::rig::Rig;
use crate::rig::asked;
use fastrand::Rng;
use jumin::model::Lang;
use jumin::term::pane::Pane;
use ratatui::Frame;
use ratatui::style::Stylize;
use ratatui::text::Line;

/// So many sequences of three frames.
const SEQUENCES: u64 = 400;

/// A desk is begun anew after so many.
const EACH: u64 = 50;

/// What is pressed: ways into every screen and box, steps in them, and words that narrow the list.
const KEYS: &[&str] = &[
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "F9",
    "F11",
    "F12",
    "ctrl-b",
    "ctrl-d",
    "ctrl-g",
    "ctrl-n",
    "ctrl-o",
    "ctrl-r",
    "ctrl-s",
    "ctrl-t",
    "ctrl-u",
    "ctrl-up",
    "alt-p",
    "alt-x",
    "enter",
    "esc",
    "esc",
    "esc",
    "tab",
    "shift-tab",
    "space",
    "up",
    "down",
    "down",
    "left",
    "right",
    "pageup",
    "pagedown",
    "home",
    "end",
    "backspace",
    "delete",
    "+",
    "-",
    "/",
    "0",
    "1",
    "2",
    "3",
    "9",
    "张",
    "欧阳晓雨",
    "单",
    "下岗",
    "3栋",
    "age:60..",
    "zxy",
    "x",
    "𠮷",
];

/// A desk of a size that chance has chosen, wide characters falling on odd and on even columns.
fn desk(chance: &mut Rng) -> Rig {
    let (width, height) = (chance.u16(60..130), chance.u16(16..45));
    let lang = if chance.bool() { Lang::Zh } else { Lang::En };
    Rig::new(width, height, lang)
}

#[test]
fn the_terminal_shows_what_was_drawn() {
    let sequences = asked("FRAMES", SEQUENCES);
    let mut chance = Rng::with_seed(6);
    let mut rig = desk(&mut chance);
    let mut pressed: Vec<&str> = vec![];
    for number in 0..sequences {
        if number % EACH == 0 || rig.left {
            rig = desk(&mut chance);
            pressed.clear();
        }
        for _ in 0..3 {
            let key = KEYS[chance.usize(..KEYS.len())];
            pressed.push(key);
            let before = rig.screen();
            rig.keys(key);
            if let Some(difference) = rig.difference() {
                panic!(
                    "sequence {number}, after {pressed:?}: {difference}\n{before}\n{}",
                    rig.screen()
                );
            }
        }
    }
    println!("{sequences} sequences of three frames, each shown as drawn");
}

/// A wide glyph may begin on the second half of the glyph before: then a half of that one is left over.
#[test]
fn no_half_of_a_glyph_keeps_its_colours() {
    let plain = Line::from("三资企");
    let shifted = Line::from(vec!["x".into(), "阿".reversed()]);
    let narrow = Line::from(vec!["xyz".reversed()]);
    let frames = [&plain, &shifted, &plain, &narrow, &shifted, &plain];
    let glass = Glass::new(8, 1);
    let mut pane = Pane::new(glass.terminal(8, 1));
    for (number, line) in frames.into_iter().enumerate() {
        let draw = |frame: &mut Frame<'_>| frame.render_widget(line, frame.area());
        pane.draw(draw).unwrap();
        assert_eq!(glass.difference(pane.shown()), None, "frame {number}");
    }
}
