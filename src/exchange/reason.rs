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
            Reason::Repeated(row) => (
                format!("与第{row}行是同一人"),
                format!("the same person as row {row}"),
            ),
            Reason::OtherName(name) => (
                format!("此证件号已登记给“{name}”，请核对"),
                format!("this number is registered to {name}: check which is right"),
            ),
            Reason::Ambiguous => (
                "册中有多位可能是此人，请补证件号".into(),
                "several registered people could be meant: add the identity number".into(),
            ),
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
}
