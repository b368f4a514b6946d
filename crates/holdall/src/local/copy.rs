//! Copying.

use std::fs::File;
use std::io::{self, Read};
use std::time::SystemTime;

use super::driver::LocalDriver;
use super::errors::Refuse;
use super::publish::LocalStage;
use super::xattr;
use crate::driver::{CallContext, Key, Outcome, Refusal, WritePlan};

/// Bytes between two looks at whether the caller is still there. The standard
/// library has the kernel copy them where it can.
const STEP: u64 = 16 * 1024 * 1024;

impl LocalDriver {
    /// Copies content, permissions, time and user metadata to a file of its
    /// own, never as a second name of the source.
    pub(super) fn copy_file(
        &self,
        cx: CallContext<'_>,
        from: Key<'_>,
        to: Key<'_>,
        replace: bool,
    ) -> Outcome<()> {
        let (source, attributes) = self.system.open_file(false, from.as_str())?;
        let metadata = if self.system.has_user_metadata() {
            xattr::load(&source)?
        } else {
            None
        };
        let plan = WritePlan {
            if_match: None,
            replace,
            durable: false,
            metadata,
        };
        let mut stage = self.begin(to, &plan)?;
        self.refuse_taken(&stage, to, replace)?;
        copy_content(cx, &source, stage.file())?;
        if let Some(time) = attributes.modified_at {
            stage
                .file()
                .set_modified(SystemTime::from(time))
                .refused("set the time of the copy")?;
        }
        stage.keep_mode(attributes.mode);
        if attributes.size > STEP {
            stage = stage.into_lasting();
        }
        self.finish(cx, stage, to)?;
        Ok(())
    }

    /// Spares a long copy that is bound to be refused at its end.
    fn refuse_taken(&self, stage: &LocalStage, to: Key<'_>, replace: bool) -> Outcome<()> {
        match stage.folder() {
            Some(folder) if self.standing(folder, to)?.is_some() && !replace => {
                Err(Refusal::Occupied)
            }
            _ => Ok(()),
        }
    }
}

fn copy_content(cx: CallContext<'_>, source: &File, mut target: &File) -> Outcome<()> {
    loop {
        if cx.is_cancelled() {
            return Err(Refusal::Cancelled);
        }
        let copied = io::copy(&mut source.take(STEP), &mut target).refused("copy the content")?;
        if copied < STEP {
            return Ok(());
        }
    }
}
