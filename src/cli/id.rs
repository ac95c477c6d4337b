//! `jumin id`: what an identity number says, and whether it checks.
//!
//! Invariant: exit 1 when the number does not check.

use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::table::Table;
use crate::model::codes;
use crate::model::id_number;
use crate::model::id_number::Check;
use crate::model::id_number::Kind;
use crate::model::id_number::Reading;
use crate::term::clock;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "NUMBER")]
    number: String,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let Some(number) = id_number::fold(&args.number) else {
        return Err(Fault::wrong(
            "cli-fault-no-number",
            &[("text", args.number.as_str().into())],
        ));
    };
    let reading = id_number::read(&number);
    let today = clock::now().today;
    let mut table = Table::bare();
    let mut row = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            table.row(vec![desk.words.say(key), value]);
        }
    };
    row("cli-id-number", Some(number));
    row("cli-id-kind", Some(desk.words.say(kind(reading.kind))));
    row("cli-id-check", Some(check(&reading.check, desk)));
    row("cli-id-birth", reading.birth.map(|birth| birth.to_string()));
    row(
        "cli-id-age",
        reading
            .birth
            .map(|birth| birth.years_until(today).to_string()),
    );
    let sex = reading
        .sex
        .and_then(|code| codes::name("sex", code, desk.lang()));
    row("cli-id-sex", sex.map(str::to_owned));
    row("cli-id-region", region(&reading, desk));
    let lines = table.lines();
    desk.lines(&lines)?;
    Ok(match reading.check {
        Check::Good | Check::NoCheck => Exit::Done,
        Check::Bad(_) => Exit::Wrong,
    })
}

fn check(check: &Check, desk: &Desk) -> String {
    match check {
        Check::Good => desk.words.say("cli-id-good"),
        Check::NoCheck => desk.words.say("cli-id-no-check"),
        Check::Bad(fault) => fault.say(desk.lang()),
    }
}

fn region(reading: &Reading, desk: &Desk) -> Option<String> {
    let code = reading.region.as_ref()?;
    let name = match codes::division(code) {
        Some(name) => name,
        None => desk.words.say("cli-id-region-unknown"),
    };
    Some(format!("{code} {name}"))
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Citizen => "cli-id-citizen",
        Kind::Citizen15 => "cli-id-citizen15",
        Kind::Residence => "cli-id-residence",
        Kind::Foreigner => "cli-id-foreigner",
        Kind::Foreigner15 => "cli-id-foreigner15",
        Kind::HongKongMacao => "cli-id-hong-kong-macao",
        Kind::Taiwan => "cli-id-taiwan",
        Kind::Passport => "cli-id-passport",
        Kind::Masked => "cli-id-masked",
        Kind::Unknown => "cli-id-unknown",
    }
}
