//! What words beside a name tell of somebody's state of life: 已故, 2019年去世, 迁出至杭州, 失踪.
//!
//! Invariant: it is a suggestion, for a worker to confirm; words about somebody else (其夫已故,
//! 病故军人遗属) tell nothing.

use crate::exchange::cell;
use crate::model::codes;
use crate::model::field::Field;
use crate::model::ids::Table;
use crate::model::person;

/// The code of who is on the rolls, as everybody is of whom nothing else is known.
pub(super) const ON_ROLLS: &str = "1";

/// What parts one remark from the next.
const BETWEEN: [char; 18] = [
    ' ', '\u{3000}', '\n', ',', '，', ';', '；', '。', '、', '|', ':', '：', '(', ')', '（', '）',
    '[', ']',
];
/// What stands before or after the word and says nothing of whose life it is.
const AROUND: [&str; 8] = ["本人", "此人", "现", "已", "于", "因病", "了", "的"];

/// The state that some remarks tell, if it is not that somebody is on the rolls.
pub(super) fn told(text: &str) -> Option<&'static str> {
    let found = text.split(BETWEEN).find_map(state);
    found.filter(|code| *code != ON_ROLLS)
}

/// The state that one remark is: it has to say nothing else but when, and where to.
fn state(remark: &str) -> Option<&'static str> {
    let plain = cell::folded(remark);
    let is_when = |c: char| c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '.' | '-' | '/');
    let said: String = plain.chars().filter(|c| !is_when(*c)).collect();
    let said = said.split(['至', '到', '往']).next().unwrap_or_default();
    let mut bare = said;
    loop {
        if let Some(code) = codes::find("life", bare) {
            return Some(code);
        }
        let trimmed = AROUND.iter().find_map(|word| {
            let before = bare.strip_prefix(word);
            before.or_else(|| bare.strip_suffix(word))
        });
        bare = trimmed.filter(|trimmed| !trimmed.is_empty())?;
    }
}

/// Whether a field is the state of life.
pub(super) fn is_it(field: &Field) -> bool {
    (field.table, field.number) == (Table::Person, person::LIFE)
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn only_a_remark_about_the_person_tells() {
        for (text, code) in [
            ("已故", "3"),
            ("故", "3"),
            ("2019年去世", "3"),
            ("2019.3 因病去世", "3"),
            ("已于2020年3月1日病故", "3"),
            ("低保；已去世", "3"),
            ("迁出", "2"),
            ("已搬走了", "2"),
            ("2021-05迁出至杭州", "2"),
            ("失踪", "5"),
            ("户口已注销", "4"),
            ("注销", "4"),
        ] {
            assert_eq!(told(text), Some(code), "{text}");
        }
        for text in [
            "",
            "在住",
            "正常",
            "其夫已故",
            "配偶2010年去世",
            "病故军人遗属",
            "拟迁出",
            "未迁出",
            "低保注销",
            "租户搬走",
            "独居",
            "2019",
            "故居",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
