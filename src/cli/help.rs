//! What explains the command line, in the worker's language, and what is wrong with what was typed.
//!
//! Invariant: every command and every argument has its words (`cli-help-COMMAND`, of a command's own `cli-help-COMMAND-COMMAND`, `cli-arg-NAME`);
//! none is spelled in the code.

use crate::cli::Cli;
use crate::cli::desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::print::Printer;
use crate::model::Lang;
use crate::words;
use crate::words::Arg;
use crate::words::Words;
use clap::CommandFactory;
use clap::FromArgMatches;
use clap::error::ContextKind;
use clap::error::ErrorKind;

/// The words of the language that `--lang` asks for, else the locale: help needs them before
/// anything is parsed.
pub(crate) fn words_before_parsing() -> Words {
    let args: Vec<String> = std::env::args().collect();
    let after = args
        .iter()
        .zip(args.iter().skip(1))
        .find(|(one, _)| *one == "--lang");
    let asked = match after {
        Some((_, value)) => Some(value.as_str()),
        None => args.iter().find_map(|arg| arg.strip_prefix("--lang=")),
    };
    Words::new(match asked {
        Some("zh") => Lang::Zh,
        Some("en") => Lang::En,
        _ => words::of_locale(sys_locale::get_locale().as_deref()),
    })
}

/// Parses what was typed; help and version are printed and end the command.
pub(crate) fn parse(words: &Words) -> Result<Parsed, Fault> {
    let parsed = command(words)
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => Ok(Parsed::Run(Box::new(cli))),
        Err(error) if !error.use_stderr() => {
            let mut out = Printer::new();
            out.text(&error.render().to_string())?;
            out.flush()?;
            Ok(Parsed::Told)
        }
        Err(error) => Err(wrong(&error)),
    }
}

/// What was typed.
pub(crate) enum Parsed {
    /// A command.
    Run(Box<Cli>),
    /// A wish for help or the version, which was granted.
    Told,
}

/// The command line with its words.
pub(crate) fn command(words: &Words) -> clap::Command {
    dress(Cli::command(), "cli-help", words)
}

fn dress(command: clap::Command, key: &str, words: &Words) -> clap::Command {
    let template = format!(
        "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
        words.say("cli-usage")
    );
    let options = words.say("cli-options");
    let arguments = words.say("cli-arguments");
    command
        .about(words.say(key))
        .help_template(template)
        .subcommand_help_heading(words.say("cli-commands"))
        .mut_args(|arg| {
            let told = words.say(&format!("cli-arg-{}", arg.get_id()));
            let heading = if arg.is_positional() {
                &arguments
            } else {
                &options
            };
            let values = arg.get_action().takes_values();
            arg.help(told)
                .help_heading(heading.clone())
                .hide_possible_values(values)
                .hide_default_value(values)
        })
        .mut_subcommands(|sub| {
            let key = format!("{key}-{}", sub.get_name());
            dress(sub, &key, words)
        })
}

/// The words for each kind of mistake in the arguments.
const MISTAKES: &[(ErrorKind, &str)] = &[
    (ErrorKind::UnknownArgument, "cli-fault-argument"),
    (ErrorKind::InvalidSubcommand, "cli-fault-command"),
    (ErrorKind::InvalidValue, "cli-fault-value"),
    (ErrorKind::ValueValidation, "cli-fault-value"),
    (ErrorKind::MissingRequiredArgument, "cli-fault-missing"),
    (ErrorKind::ArgumentConflict, "cli-fault-conflict"),
];

fn wrong(error: &clap::Error) -> Fault {
    let found = |kind| {
        error
            .get(kind)
            .map_or_else(String::new, ToString::to_string)
    };
    let first =
        |kinds: [ContextKind; 2]| kinds.into_iter().map(found).find(|text| !text.is_empty());
    let arg = strange_option()
        .filter(|_| error.kind() == ErrorKind::UnknownArgument)
        .or_else(|| first([ContextKind::InvalidArg, ContextKind::InvalidSubcommand]));
    let value = first([ContextKind::InvalidValue, ContextKind::PriorArg]);
    let known = MISTAKES.iter().find(|(kind, _)| *kind == error.kind());
    let args: Vec<(&'static str, Arg)> = vec![
        ("arg", arg.unwrap_or_default().into()),
        ("value", value.unwrap_or_default().into()),
        ("jumin", desk::called().into()),
    ];
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
        ContextKind::ValidValue,
    ];
    let below = near.into_iter().map(found).find(|text| !text.is_empty());
    Fault::Plain {
        exit: Exit::Wrong,
        key: known.map_or("cli-fault-arguments", |(_, key)| key),
        args,
        below: below.into_iter().collect(),
    }
}

/// The first option of this process that no command has. A query may begin with a minus, so clap
/// takes such an option for the query and finds fault with the word after it.
fn strange_option() -> Option<String> {
    let cli = Cli::command();
    let below = || {
        cli.get_subcommands()
            .flat_map(clap::Command::get_subcommands)
    };
    let commands = || std::iter::once(&cli).chain(cli.get_subcommands());
    let names = || {
        commands()
            .chain(below())
            .flat_map(clap::Command::get_arguments)
    };
    let known = |option: &str| names().any(|arg| arg.get_long() == Some(option));
    std::env::args().skip(1).find(|typed| {
        let option = typed.strip_prefix("--").filter(|rest| !rest.is_empty());
        option.is_some_and(|rest| !known(rest.split('=').next().unwrap_or(rest)))
    })
}
