//! The language of the control connection: lines, commands and replies.
//!
//! Nothing here touches a socket, waits or fails in another way than by its
//! result, whatever a client sends.

mod address;
mod command;
mod facts;
mod line;
mod parse;
mod reply;
mod time;
mod verb;

pub use address::{DataAddress, EpsvRequest};
pub use command::{
    AuthMechanism, Command, DataType, FeatureOption, HashName, Protection, SyntaxError,
};
pub use facts::{Fact, FactSet};
pub use line::{LINE_LIMIT, Line, LineBuffer};
pub use reply::{Reply, quoted};
pub use time::{format_time, parse_time};
pub use verb::Verb;
