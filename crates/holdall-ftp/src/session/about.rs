//! Commands about the server and the session.

use super::Session;
use super::outcome::{Answer, Refusal};
use crate::protocol::{DataType, Fact, FeatureOption, HashName, Reply, Verb};
use crate::transfer::{Endpoint, Progress, Stage};

/// How many names stand in one line of `HELP`.
const NAMES_PER_LINE: usize = 10;

impl Session {
    pub(super) fn help(topic: &str) -> Reply {
        if let Some(verb) = Verb::from_name(topic) {
            return Reply::new(214, format!("{} is known.", verb.as_str()));
        }
        let names: Vec<_> = Verb::names().collect();
        let lines = names.chunks(NAMES_PER_LINE).map(|line| line.join(" "));
        Reply::with_lines(214, "These commands are known:", lines.collect(), "End.")
    }

    pub(super) fn feat(&self) -> Reply {
        let hashes = HashName::ALL.map(|hash| mark(hash.as_str(), hash == self.state.hash));
        let facts =
            Fact::ALL.map(|fact| mark(fact.as_str(), self.state.facts.contains(fact)) + ";");
        let mut lines: Vec<String> = ["CLNT", "EPRT", "EPSV"].map(str::to_owned).into();
        if self.shared.options.tls.is_some() {
            lines.extend(["AUTH TLS", "PBSZ", "PROT"].map(str::to_owned));
        }
        lines.push(format!("HASH {}", hashes.join(";")));
        lines.extend(["MDTM", "MFMT"].map(str::to_owned));
        lines.push(format!("MLST {}", facts.concat()));
        lines.extend(["REST STREAM", "SIZE", "TVFS", "UTF8"].map(str::to_owned));
        Reply::with_lines(211, "Extensions:", lines, "End.")
    }

    pub(super) fn opts(&mut self, option: FeatureOption) -> Answer {
        match option {
            FeatureOption::Utf8(true) => Ok(Reply::new(200, "Names are UTF-8.")),
            FeatureOption::Utf8(false) => Err(Refusal::new(504, "Names are always UTF-8.")),
            FeatureOption::Mlst(facts) => {
                self.state.facts = facts;
                let names: String = facts
                    .iter()
                    .map(|fact| format!("{};", fact.as_str()))
                    .collect();
                Ok(Reply::new(200, format!("MLST OPTS {names}")))
            }
            FeatureOption::Hash(chosen) => {
                self.state.hash = chosen.unwrap_or(self.state.hash);
                Ok(Reply::new(200, self.state.hash.as_str()))
            }
            FeatureOption::Other => Err(Refusal::new(501, "There is no such option.")),
        }
    }

    pub(super) fn set_type(&mut self, data_type: DataType) -> Reply {
        self.state.data_type = data_type;
        Reply::new(200, format!("Type is {}.", type_name(data_type)))
    }

    /// The state of the session, and of the transfer that is under way.
    pub(super) fn status(&self, transfer: Option<&Progress>) -> Reply {
        let mut lines = Vec::new();
        match self.user_name() {
            Some(user) => lines.push(format!("Logged in as {user}.")),
            None => lines.push("Not logged in.".to_owned()),
        }
        lines.push(format!("Type is {}.", type_name(self.state.data_type)));
        let encrypted = |yes| if yes { "encrypted" } else { "not encrypted" };
        lines.push(format!(
            "This connection is {}, data connections are {}.",
            encrypted(self.info.connection.encrypted),
            encrypted(self.state.data_encrypted),
        ));
        lines.push(match transfer {
            Some(progress) => transfer_status(progress),
            None => match self.state.endpoint {
                Endpoint::None => "No data connection is prepared.".to_owned(),
                _ => "A data connection is prepared.".to_owned(),
            },
        });
        Reply::with_lines(211, "Status:", lines, "End.")
    }
}

fn transfer_status(progress: &Progress) -> String {
    let doing = match progress.stage() {
        Stage::Connecting => "waits for its data connection",
        Stage::Moving => "is under way",
        Stage::Committing => "is being stored",
    };
    format!("A transfer {doing}: {} bytes have moved.", progress.bytes())
}

/// A name, with RFC 3659's mark of what is in use.
fn mark(name: &str, in_use: bool) -> String {
    format!("{name}{}", if in_use { "*" } else { "" })
}

fn type_name(data_type: DataType) -> &'static str {
    match data_type {
        DataType::Ascii => "A",
        DataType::Image => "I",
    }
}
