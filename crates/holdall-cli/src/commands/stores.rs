//! `holdall stores`: tells which stores are configured, and where.

use clap::Args;
use holdall::registry::ConfigTable;
use holdall::{BackendConfig, RetryPolicy};
use serde::Serialize;

use super::Session;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::home;
use crate::location::DEFAULT;
use crate::output::{Output, printable};

/// Tell which stores are configured, without their secrets
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write one JSON object a line
    #[arg(long)]
    json: bool,
}

/// One store.
#[derive(Debug, Serialize)]
struct Record {
    /// What stands before the colon of an address.
    name: String,
    /// The type of its backend.
    #[serde(rename = "type")]
    kind: String,
    /// The name of its backend; none for a store that needs no configuration.
    backend: Option<String>,
    /// The folder of the backend that is its root.
    root_path: String,
    /// The backend's options; `Serialize` masks the secret ones.
    options: ConfigTable,
    /// The backend's policy, where one is configured.
    retry: Option<RetryPolicy>,
    /// The file that configures it.
    file: Option<String>,
    /// The line in it.
    line: Option<usize>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<()> {
    let records = records(session)?;
    let mut output = Output::new();
    if arguments.json {
        for record in &records {
            output.json(record)?;
        }
        return output.finish();
    }
    let source = match session.stores.configuration().file() {
        Some(file) => format!("from {}", file.display()),
        None => format!("no {} is found", home::CONFIGURATION),
    };
    output.line(&printable(&source))?;
    table(&mut output, &records)?;
    output.finish()
}

/// All stores: the built-in one first, unless it is configured.
fn records(session: &Session) -> Result<Vec<Record>> {
    let config = session.stores.configuration().written()?;
    let mut records = Vec::new();
    if !config.stores().contains_key(DEFAULT) {
        records.push(built_in()?);
    }
    for (name, profile) in config.stores() {
        let backend = config.backends().get(profile.backend());
        let origin = profile.origin();
        records.push(Record {
            name: name.clone(),
            kind: backend.map_or("", BackendConfig::kind).to_owned(),
            backend: Some(profile.backend().to_owned()),
            root_path: profile.root_path().to_owned(),
            options: backend
                .map(BackendConfig::options)
                .cloned()
                .unwrap_or_default(),
            retry: backend.and_then(BackendConfig::retry).cloned(),
            file: origin.map(|(file, _)| file.to_owned()),
            line: origin.and_then(|(_, line)| line),
        });
    }
    Ok(records)
}

/// The store that needs no configuration.
fn built_in() -> Result<Record> {
    let root = home::default_store()?.display().to_string();
    Ok(Record {
        name: DEFAULT.to_owned(),
        kind: "local".to_owned(),
        backend: None,
        root_path: String::new(),
        options: ConfigTable::from([("root", root)]),
        retry: None,
        file: None,
        line: None,
    })
}

/// Columns for people, as wide as they need to be.
fn table(output: &mut Output, records: &[Record]) -> Result<()> {
    let mut rows = vec![["NAME", "TYPE", "BACKEND", "ROOT", "OPTIONS"].map(str::to_owned)];
    for record in records {
        rows.push([
            printable(&record.name).into_owned(),
            printable(&record.kind).into_owned(),
            printable(record.backend.as_deref().unwrap_or("-")).into_owned(),
            printable(or_dash(&record.root_path)).into_owned(),
            printable(or_dash(&options(record)?)).into_owned(),
        ]);
    }
    let mut widths = [0; 5];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for row in rows {
        let cells = row.iter().zip(widths);
        let cells = cells.map(|(cell, width)| format!("{cell:width$}"));
        output.line(cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

/// `container=data account_key=***`.
fn options(record: &Record) -> Result<String> {
    let masked = serde_json::to_value(&record.options)
        .map_err(|error| Failure::new(Exit::Other, format!("cannot show options: {error}")))?;
    let entries = masked.as_object().into_iter().flatten();
    let entries = entries.map(|(name, value)| match value.as_str() {
        Some(text) => format!("{name}={text}"),
        None => format!("{name}={value}"),
    });
    Ok(entries.collect::<Vec<_>>().join(" "))
}
