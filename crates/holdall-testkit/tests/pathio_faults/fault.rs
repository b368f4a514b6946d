//! The deliberate faults, and the case that must find each.

/// One way to break the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    // Opening
    MakesFoldersForFiles,
    ReadWriteMakesFiles,
    MissingFilesAreEmpty,
    AppendNeedsAFile,
    FilesDieWithTheirPathIo,
    // Reading and seeking
    SharesOneCursor,
    ReadsByName,
    ReadsTooMuch,
    ReadsOneByteLess,
    SeeksToTheEndAtMost,
    SeeksBeforeTheBeginning,
    // Writing
    TruncatesAtOpen,
    PublishesOnDrop,
    DroppedWritesRemoveTheOld,
    IgnoresPositionsInWrites,
    AppendsAtThePosition,
    AppendsFromMemory,
    CutsTheTail,
    DroppedAppendsStay,
    // Looking
    ListsAbsolutely,
    ListsBelow,
    ListsMissingAsAnError,
    HidesDotFiles,
    ListsEagerly,
    SizesOfZero,
    TimeStandsStill,
    FoldersAreFiles,
    BlockedIsAnError,
    SetsNoTime,
    // Folders and names
    MkdirTakesFiles,
    MkdirTakesFolders,
    RmdirTakesFullFolders,
    RmdirTakesTheRoot,
    UnlinkTakesFolders,
    UnlinkTakesNothing,
    RenameIntoItself,
    RenameReplacesFolders,
    RenameCopies,
    // Paths and errors
    ResolvesDotDot,
    TrimsNames,
    FoldsCase,
    ForeignPathsInErrors,
    ForeignOperationsInErrors,
    // Servers
    ForgetsConnections,
    StateOfItsOwn,
    LimitsByItself,
    // Cancellation
    CancelledWritesLand,
    CancelledUnlinksLand,
    HalfMadeRenames,
}

/// Each fault with the case that must fail on it.
pub(crate) const FAULTS: &[(Fault, &str)] = {
    use Fault::*;
    &[
        (MakesFoldersForFiles, "open/wb_in_a_missing_folder"),
        (ReadWriteMakesFiles, "open/r_plus_b_at_a_free_name"),
        (MissingFilesAreEmpty, "open/rb_at_a_free_name"),
        (AppendNeedsAFile, "append/to_a_free_name"),
        (FilesDieWithTheirPathIo, "open/outlives_its_path_io"),
        (SharesOneCursor, "concurrency/two_readers"),
        (ReadsByName, "read/goes_on_when_the_file_is_replaced"),
        (ReadsTooMuch, "read/in_blocks_of_every_size"),
        (ReadsOneByteLess, "read/whole"),
        (SeeksToTheEndAtMost, "seek/beyond_the_end_reads_nothing"),
        (
            SeeksBeforeTheBeginning,
            "seek/before_the_beginning_from_current",
        ),
        (TruncatesAtOpen, "write/keeps_the_old_until_close"),
        (PublishesOnDrop, "write/dropped_leaves_the_old"),
        (
            DroppedWritesRemoveTheOld,
            "cancellation/write_at_every_await_point",
        ),
        (IgnoresPositionsInWrites, "write/at_a_position"),
        (AppendsAtThePosition, "append/wherever_the_position_is"),
        (AppendsFromMemory, "append/two_at_once"),
        (CutsTheTail, "read_write/keeps_the_tail"),
        (DroppedAppendsStay, "append/dropped_takes_back"),
        (ListsAbsolutely, "list/relative_stays_relative"),
        (ListsBelow, "list/children_only"),
        (ListsMissingAsAnError, "list/a_missing_path_is_empty"),
        (HidesDotFiles, "paths/a_name_with_a_dot_before"),
        (ListsEagerly, "list/begins_with_the_first_entry"),
        (SizesOfZero, "stat/a_file"),
        (TimeStandsStill, "stat/follows_a_write_in_wb"),
        (FoldersAreFiles, "is_file/at_a_folder"),
        (FoldersAreFiles, "is_dir/at_a_folder"),
        (BlockedIsAnError, "exists/at_the_way_blocked_by_a_file"),
        (SetsNoTime, "set_modified/shows"),
        (MkdirTakesFiles, "mkdir/exist_ok_at_a_file"),
        (MkdirTakesFolders, "mkdir/plain_at_a_folder"),
        (MkdirTakesFolders, "concurrency/one_makes_the_folder"),
        (RmdirTakesFullFolders, "rmdir/with_a_file_in_it"),
        (RmdirTakesTheRoot, "rmdir/at_an_empty_root"),
        (UnlinkTakesFolders, "unlink/at_an_empty_folder"),
        (UnlinkTakesNothing, "unlink/twice"),
        (RenameIntoItself, "rename/a_folder_into_itself"),
        (RenameReplacesFolders, "rename/a_folder_onto_a_full_one"),
        (RenameCopies, "rename/a_file_to_a_free_name"),
        (ResolvesDotDot, "paths/stat_refuses_what_is_no_path"),
        (TrimsNames, "paths/a_name_with_spaces_at_the_ends"),
        (FoldsCase, "paths/case_matters"),
        (
            ForeignPathsInErrors,
            "errors/mkdir_names_the_call_and_the_path",
        ),
        (
            ForeignOperationsInErrors,
            "errors/mkdir_names_the_call_and_the_path",
        ),
        (ForgetsConnections, "connection/is_told"),
        (StateOfItsOwn, "connection/shares_the_state"),
        (LimitsByItself, "timeouts/none_unless_one_is_set"),
        (
            CancelledWritesLand,
            "cancellation/write_at_every_await_point",
        ),
        (
            CancelledUnlinksLand,
            "cancellation/unlink_never_removes_a_later_file",
        ),
        (
            HalfMadeRenames,
            "cancellation/rename_of_a_file_at_every_await_point",
        ),
    ]
};
