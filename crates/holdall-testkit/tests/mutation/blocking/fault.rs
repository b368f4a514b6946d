//! The deliberate faults of a backend that blocks, and the case that must find
//! each.

/// One way to break what is asked of calls that block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    // Reading
    ReadsTellLate,
    ReadsOpenLate,
    NeverSeekable,
    LosesBytesBetweenChunks,
    RangesEndLate,
    SeeksOneOff,
    // Writing
    TakesOneRead,
    SwallowsSourceErrors,
    GivesUpWhenInterrupted,
    // The writer with a commit
    ShowsStagedContent,
    CommitsOnDrop,
    CommitOverwrites,
    OpensGladly,
    // Listing
    ListsEagerly,
    MalformedPathsAreEmpty,
    LocksWhatIsListed,
    MissingFoldersFail,
    ListsByPosition,
    // Lifecycle
    ClosesOnce,
    // Threads
    LetsTwoCreate,
    AnswersWithThoseOfOthers,
    StreamsStayOnTheirThread,
}

/// Each fault with the case that must fail on it.
pub(crate) const FAULTS: &[(Fault, &str)] = {
    use Fault::*;
    &[
        (ReadsTellLate, "sync/read_tells_at_the_call"),
        (ReadsOpenLate, "sync/a_read_is_open_when_it_is_handed_out"),
        (NeverSeekable, "sync/read_is_seekable_as_declared"),
        (LosesBytesBetweenChunks, "sync/a_stream_reads_lines"),
        (LosesBytesBetweenChunks, "sync/short_reads_add_up"),
        (LosesBytesBetweenChunks, "sync/chunks_are_never_empty"),
        (LosesBytesBetweenChunks, "sync/one_file_into_another"),
        (RangesEndLate, "sync/a_range_is_cut_short_at_the_end"),
        (SeeksOneOff, "sync/into_seekable_keeps_the_position"),
        (SeeksOneOff, "sync/read_seekable_from_each_whence"),
        (SeeksOneOff, "sync/a_seek_before_the_start_moves_nothing"),
        (SeeksOneOff, "sync/seeks_and_reads_interleave"),
        (TakesOneRead, "sync/write_from_readers"),
        (TakesOneRead, "sync/write_atomic_from_readers"),
        (TakesOneRead, "sync/write_with_hash_tells_what_is_stored"),
        (
            SwallowsSourceErrors,
            "sync/write_with_hash_keeps_the_rules_of_write",
        ),
        (SwallowsSourceErrors, "sync/write_from_a_reader_that_fails"),
        (
            SwallowsSourceErrors,
            "sync/write_atomic_from_a_reader_that_fails",
        ),
        (
            GivesUpWhenInterrupted,
            "sync/write_reads_again_when_interrupted",
        ),
        (
            GivesUpWhenInterrupted,
            "sync/write_atomic_reads_again_when_interrupted",
        ),
        (
            ShowsStagedContent,
            "sync/an_atomic_file_shows_at_its_commit",
        ),
        (
            CommitsOnDrop,
            "sync/an_atomic_file_that_is_dropped_leaves_nothing",
        ),
        (
            CommitsOnDrop,
            "sync/open_atomic_with_hash_tells_what_is_stored",
        ),
        (
            CommitOverwrites,
            "sync/an_atomic_file_loses_to_one_that_came_meanwhile",
        ),
        (OpensGladly, "sync/open_atomic_tells_at_the_call"),
        (ListsEagerly, "sync/listings_begin_with_their_first_step"),
        (
            MalformedPathsAreEmpty,
            "sync/a_malformed_path_is_the_first_item_of_a_backend",
        ),
        (LocksWhatIsListed, "sync/a_listing_that_is_dropped_midway"),
        (MissingFoldersFail, "sync/listings_end_once"),
        (ListsByPosition, "sync/listings_beside_changes"),
        (ClosesOnce, "sync/closing_a_child_closes_nothing"),
        (LetsTwoCreate, "sync/one_of_32_threads_creates_by_write"),
        (
            LetsTwoCreate,
            "sync/one_of_32_threads_creates_by_write_from_a_reader",
        ),
        (
            LetsTwoCreate,
            "sync/one_of_32_threads_creates_by_write_atomic",
        ),
        (
            LetsTwoCreate,
            "sync/one_of_32_threads_creates_by_open_atomic",
        ),
        (AnswersWithThoseOfOthers, "sync/threads_that_mix_calls"),
        (
            StreamsStayOnTheirThread,
            "sync/a_stream_goes_on_in_another_thread",
        ),
    ]
};
