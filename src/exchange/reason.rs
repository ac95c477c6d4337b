//! Reasons in words, for the screen, the report and the workbook of refused rows.
//!
//! Invariant: each reason tells what to do, or needs nothing done.

use crate::exchange::intake::Reason;
use crate::model::Lang;

impl Reason {
    /// The reason as one line.
    pub fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Reason::Blank => ("空行".into(), "blank row".into()),
            Reason::AboveHeading => ("表头以上".into(), "above the headings".into()),
            Reason::Heading => ("表头或填表提示".into(), "headings or hints".into()),
            Reason::Total => ("合计行".into(), "a total".into()),
            Reason::Signature => ("填表人、盖章等".into(), "signature or stamp".into()),
            Reason::NoName => ("缺姓名，请补上".into(), "no name: fill it in".into()),
            Reason::Repeated(row) => return Reason::repeated(&row.to_string(), lang),
            Reason::LeftOut => ("您选择不收".into(), "left out as you chose".into()),
            Reason::Cell(heading, text) => (
                format!("“{heading}”看不懂：{text}"),
                format!("{heading} cannot be understood: {text}"),
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// That somebody stands in an earlier row, by what that row is called.
    pub fn repeated(row: &str, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("与第{row}行是同一人"),
            Lang::En => format!("the same person as row {row}"),
        }
    }

    /// The reason as rows that share it are told together: without what differs from row to row.
    pub fn kind(&self, lang: Lang) -> String {
        match self {
            Reason::Repeated(_) => lang
                .pick("与前面一行是同一人", "the same person as an earlier row")
                .to_owned(),
            Reason::Cell(heading, _) => match lang {
                Lang::Zh => format!("“{heading}”看不懂"),
                Lang::En => format!("{heading} cannot be understood"),
            },
            Reason::Blank
            | Reason::AboveHeading
            | Reason::Heading
            | Reason::Total
            | Reason::Signature
            | Reason::NoName
            | Reason::LeftOut => self.say(lang),
        }
    }
}
