//! What a client does, at random.

use proptest::prelude::*;

/// What a client does.
#[derive(Debug, Clone)]
pub(super) struct Script {
    /// How many bytes the server moves at once.
    pub(super) block_size: usize,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Commands that are sent at once, in pieces of these lengths.
    Commands(Vec<Command>, Cuts),
    Transfer(Transfer),
    /// The client is gone.
    Vanish,
}

/// How long the pieces are in which bytes are sent, in turn; none for one piece.
pub(super) type Cuts = Vec<usize>;

/// A command that moves nothing.
#[derive(Debug, Clone)]
pub(super) enum Command {
    /// `USER`, with a name that there is, or not.
    User(bool),
    /// `PASS`, with the right password, or not.
    Pass(bool),
    Rein,
    Quit,
    Pwd,
    Cwd(String),
    Cdup,
    /// `TYPE A` or `TYPE I`.
    Type {
        ascii: bool,
    },
    Rest(u64),
    Prepare(Way),
    EpsvAll,
    Mkd(String),
    Rmd(String),
    Dele(String),
    Rnfr(String),
    Rnto(String),
    Size(String),
    Mdtm(String),
    Mlst(Option<String>),
    StatPath(String),
    Hash(String),
    /// With telnet's interrupt before it, or not.
    Abor {
        telnet: bool,
    },
    Stat,
    /// A line that has the same answer always.
    Constant(&'static str, u16),
    /// A line that is none of the above.
    Garbage(Vec<u8>),
}

/// How a data connection is prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Epsv,
    Pasv,
    Eprt,
    Port,
    /// `EPRT` to a port at which nobody listens.
    Nowhere,
}

#[derive(Debug, Clone)]
pub(super) struct Transfer {
    /// A position to begin at, which `REST` tells first.
    pub(super) rest: Option<u64>,
    /// How the data connection is prepared first, unless it was.
    pub(super) way: Option<Way>,
    pub(super) what: What,
    /// Whether the client connects after the first reply.
    pub(super) late: bool,
    /// What is sent, for uploads.
    pub(super) content: Content,
    pub(super) how: How,
    pub(super) cuts: Cuts,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    Stor(String),
    Appe(String),
    Stou(Option<String>),
    Retr(String),
    List(Option<String>),
    Nlst(Option<String>),
    Mlsd(Option<String>),
}

impl What {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Stor(_) => "STOR",
            Self::Appe(_) => "APPE",
            Self::Stou(_) => "STOU",
            Self::Retr(_) => "RETR",
            Self::List(_) => "LIST",
            Self::Nlst(_) => "NLST",
            Self::Mlsd(_) => "MLSD",
        }
    }

    pub(super) fn argument(&self) -> Option<&str> {
        match self {
            Self::Stor(path) | Self::Appe(path) | Self::Retr(path) => Some(path),
            Self::Stou(path) | Self::List(path) | Self::Nlst(path) | Self::Mlsd(path) => {
                path.as_deref()
            }
        }
    }

    pub(super) fn is_upload(&self) -> bool {
        matches!(self, Self::Stor(_) | Self::Appe(_) | Self::Stou(_))
    }

    pub(super) fn is_listing(&self) -> bool {
        matches!(self, Self::List(_) | Self::Nlst(_) | Self::Mlsd(_))
    }
}

/// How a transfer goes.
#[derive(Debug, Clone)]
pub(super) enum How {
    /// To its end, with other commands meanwhile.
    Whole(Vec<Command>),
    /// `ABOR` after so many bytes, and other commands before it.
    Abort {
        after: usize,
        telnet: bool,
        meanwhile: Vec<Command>,
    },
    /// `ABOR` where no connection was made.
    AbortUnconnected,
    /// `ABOR` and the end of the data at the same time.
    AbortAtTheEnd,
    /// The data connection is reset after so many bytes.
    Reset(usize),
    /// The data connection is closed after so many bytes.
    Close(usize),
    /// The client is gone after so many bytes.
    Vanish(usize),
    /// `QUIT` in the midst of it.
    Goodbye,
}

/// A pattern that is repeated.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pattern: Vec<u8>,
    times: usize,
}

impl Script {
    /// Whether the big file is needed.
    pub(super) fn is_big(&self) -> bool {
        let is_big = |what: &What| what.argument().is_some_and(|path| path.ends_with(BIG));
        let mut steps = self.steps.iter();
        steps.any(|step| matches!(step, Step::Transfer(transfer) if is_big(&transfer.what)))
    }
}

impl Content {
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.pattern.repeat(self.times)
    }
}

/// A file that holds more than all buffers on the way.
pub(super) const BIG: &str = "big";
pub(super) const BIG_LENGTH: usize = 8 << 20;

pub(super) fn script() -> impl Strategy<Value = Script> {
    let block_size = prop::sample::select(vec![50, 1000, 256 * 1024]);
    (block_size, prop::collection::vec(step(), 1..30))
        .prop_map(|(block_size, steps)| Script { block_size, steps })
}

fn step() -> impl Strategy<Value = Step> {
    let commands = prop::collection::vec(command(), 1..4);
    prop_oneof![
        12 => (commands, cuts()).prop_map(|(commands, cuts)| Step::Commands(commands, cuts)),
        12 => transfer().prop_map(Step::Transfer),
        2 => (path(), path(), cuts()).prop_map(|(from, to, cuts)| {
            Step::Commands(vec![Command::Rnfr(from), Command::Rnto(to)], cuts)
        }),
        3 => prop::bool::weighted(0.8).prop_map(log_in),
        1 => Just(Step::Vanish),
    ]
}

fn log_in(right: bool) -> Step {
    Step::Commands(vec![Command::User(true), Command::Pass(right)], vec![])
}

fn cuts() -> impl Strategy<Value = Cuts> {
    prop_oneof![Just(vec![]), prop::collection::vec(1..12_usize, 1..4)]
}

fn command() -> BoxedStrategy<Command> {
    prop_oneof![
        1 => any::<bool>().prop_map(Command::User),
        1 => any::<bool>().prop_map(Command::Pass),
        1 => prop_oneof![2 => Just(Command::Rein), 1 => Just(Command::Quit)],
        1 => Just(Command::EpsvAll),
        4 => path().prop_map(Command::Cwd),
        1 => Just(Command::Cdup),
        2 => any::<bool>().prop_map(|ascii| Command::Type { ascii }),
        2 => position().prop_map(Command::Rest),
        3 => way().prop_map(Command::Prepare),
        12 => change(),
        8 => question(),
    ]
    .boxed()
}

/// Commands that change the tree.
fn change() -> BoxedStrategy<Command> {
    prop_oneof![
        4 => path().prop_map(Command::Mkd),
        2 => path().prop_map(Command::Rmd),
        2 => path().prop_map(Command::Dele),
        3 => path().prop_map(Command::Rnfr),
        3 => path().prop_map(Command::Rnto),
    ]
    .boxed()
}

/// Commands that only ask, in the midst of a transfer, too.
fn question() -> BoxedStrategy<Command> {
    prop_oneof![
        2 => Just(Command::Pwd),
        2 => path().prop_map(Command::Size),
        1 => path().prop_map(Command::Mdtm),
        1 => prop::option::of(path()).prop_map(Command::Mlst),
        1 => path().prop_map(Command::StatPath),
        1 => path().prop_map(Command::Hash),
        1 => any::<bool>().prop_map(|telnet| Command::Abor { telnet }),
        1 => Just(Command::Stat),
        3 => constant(),
        1 => prop::collection::vec(0x20_u8.., 0..30).prop_map(Command::Garbage),
        1 => (8 * 1024..20_000_usize).prop_map(|length| Command::Garbage(vec![b'x'; length])),
    ]
    .boxed()
}

fn constant() -> impl Strategy<Value = Command> {
    let lines = vec![
        ("NOOP", 200),
        ("nOoP", 200),
        ("SYST", 215),
        ("FEAT", 211),
        ("HELP", 214),
        ("HELP RETR", 214),
        ("OPTS UTF8 ON", 200),
        ("CLNT me", 200),
        ("ACCT x", 202),
        ("CCC", 534),
        ("RETR", 501),
        ("REST x", 501),
        ("PORT 1,2,3", 501),
        ("DELE a\0b", 501),
        ("TYPE E", 504),
        ("MODE B", 504),
        ("SITE CHMOD 644 a", 502),
        ("XYZZY", 500),
    ];
    prop::sample::select(lines).prop_map(|(line, code)| Command::Constant(line, code))
}

fn transfer() -> impl Strategy<Value = Transfer> {
    let rest = prop::option::weighted(0.25, position());
    let way = prop::option::weighted(0.9, way());
    let big = Just(What::Retr(format!("/{BIG}")));
    let what = prop_oneof![20 => (what(), how()), 1 => (big, cut())];
    (rest, way, what, any::<bool>(), content(), cuts()).prop_map(
        |(rest, way, (what, how), late, content, cuts)| Transfer {
            rest,
            way,
            what,
            late,
            content,
            how,
            cuts,
        },
    )
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![
        8 => Just(Way::Epsv),
        4 => Just(Way::Pasv),
        2 => Just(Way::Eprt),
        2 => Just(Way::Port),
        1 => Just(Way::Nowhere),
    ]
}

fn what() -> BoxedStrategy<What> {
    let optional = || prop::option::of(path());
    prop_oneof![
        6 => path().prop_map(What::Stor),
        3 => path().prop_map(What::Appe),
        1 => optional().prop_map(What::Stou),
        6 => path().prop_map(What::Retr),
        1 => optional().prop_map(What::List),
        1 => optional().prop_map(What::Nlst),
        1 => optional().prop_map(What::Mlsd),
    ]
    .boxed()
}

fn how() -> BoxedStrategy<How> {
    prop_oneof![
        8 => meanwhile().prop_map(How::Whole),
        2 => Just(How::AbortAtTheEnd),
        1 => Just(How::Goodbye),
        9 => cut(),
    ]
    .boxed()
}

/// In the midst of it.
fn cut() -> BoxedStrategy<How> {
    let after = || 0..300_usize;
    prop_oneof![
        3 => (after(), any::<bool>(), meanwhile()).prop_map(
            |(after, telnet, meanwhile)| How::Abort { after, telnet, meanwhile }
        ),
        1 => Just(How::AbortUnconnected),
        2 => after().prop_map(How::Reset),
        2 => after().prop_map(How::Close),
        1 => after().prop_map(How::Vanish),
    ]
    .boxed()
}

fn meanwhile() -> impl Strategy<Value = Vec<Command>> {
    let question = question().prop_filter("it would stop the transfer", |command| {
        !matches!(command, Command::Abor { .. })
    });
    prop_oneof![Just(vec![]), prop::collection::vec(question, 1..4)]
}

fn position() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 0..60_u64, 1 => 0..200_000_u64]
}

fn content() -> impl Strategy<Value = Content> {
    let byte = prop_oneof![Just(b'\r'), Just(b'\n'), any::<u8>()];
    let times = prop_oneof![6 => Just(1), 1 => 1..5000_usize];
    (prop::collection::vec(byte, 0..40), times)
        .prop_map(|(pattern, times)| Content { pattern, times })
}

/// Paths as clients write them: from here or from the root, by detours or not.
fn path() -> BoxedStrategy<String> {
    let name = prop_oneof![
        12 => prop::sample::select(vec!["a", "b", "c d", "é\""]),
        1 => prop::sample::select(vec![".", "..", ""]),
    ];
    let count = prop_oneof![3 => Just(1_usize), 2 => Just(2), 1 => Just(3)];
    let names = count.prop_flat_map(move |count| prop::collection::vec(name.clone(), count));
    let names = names.prop_map(|names| names.join("/"));
    let begin = prop_oneof![4 => Just(""), 4 => Just("/"), 1 => Just("../")];
    (begin, names)
        .prop_map(|(begin, names)| format!("{begin}{names}"))
        .prop_filter("it is no argument at all", |path| !path.is_empty())
        .boxed()
}
