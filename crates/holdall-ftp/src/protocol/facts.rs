//! The facts of machine-readable listings (RFC 3659, 7.5).

/// A fact that `MLSD` and `MLST` can tell of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fact {
    /// `Type`: a file or a folder.
    Type,
    /// `Size` in bytes, of files alone.
    Size,
    /// `Modify`: the time of the last change.
    Modify,
    /// `Perm`: what this user may do with it.
    Perm,
    /// `Unique`: equal where two names are one file.
    Unique,
    /// `UNIX.mode`: the permissions, octal.
    UnixMode,
}

impl Fact {
    /// All facts, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::Type,
        Self::Size,
        Self::Modify,
        Self::Perm,
        Self::Unique,
        Self::UnixMode,
    ];

    /// The fact's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Type => "Type",
            Self::Size => "Size",
            Self::Modify => "Modify",
            Self::Perm => "Perm",
            Self::Unique => "Unique",
            Self::UnixMode => "UNIX.mode",
        }
    }
}

/// The facts that a client asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactSet(u8);

impl FactSet {
    /// Every fact.
    pub const ALL: Self = Self(0b11_1111);

    /// Reads `type;size;`, as after `OPTS MLST`: what is not known is left out.
    pub fn parse(names: &str) -> Self {
        let bits = names
            .split(';')
            .filter_map(|name| {
                let mut all = Fact::ALL.into_iter();
                all.find(|fact| fact.as_str().eq_ignore_ascii_case(name.trim()))
            })
            .fold(0, |bits, fact| bits | Self::bit(fact));
        Self(bits)
    }

    /// Whether the fact is one of them.
    pub const fn contains(self, fact: Fact) -> bool {
        self.0 & Self::bit(fact) != 0
    }

    /// The facts, in the order in which they are told.
    pub fn iter(self) -> impl Iterator<Item = Fact> {
        Fact::ALL
            .into_iter()
            .filter(move |fact| self.contains(*fact))
    }

    const fn bit(fact: Fact) -> u8 {
        1 << fact as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_facts_are_left_out() {
        let facts = FactSet::parse("size;bogus;TYPE;");
        assert_eq!(facts.iter().collect::<Vec<_>>(), [Fact::Type, Fact::Size]);
        assert_eq!(FactSet::parse("").iter().count(), 0);
        assert_eq!(FactSet::ALL.iter().count(), Fact::ALL.len());
    }
}
