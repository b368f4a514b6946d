//! A write that fails does not wait for its source.

use futures::FutureExt;
use futures::stream::{self, StreamExt};
use holdall::driver::Refusal;
use holdall::{
    AsyncDriverBackend, AsyncStore, AsyncWritableContent, Bytes, Error, ErrorKind, MemoryDriver,
};
use holdall_testkit::FailingDriver;

#[tokio::test]
async fn a_full_disk_is_told_while_the_source_stalls() {
    let driver = FailingDriver::new(MemoryDriver::named("memory"), || {
        Refusal::failed(ErrorKind::StorageFull, "no room")
    });
    let switch = driver.switch();
    let store = AsyncStore::new(AsyncDriverBackend::from_driver(driver), "").unwrap();
    let first = Ok::<_, Error>(Bytes::from(vec![7; 1024 * 1024]));
    let source = stream::iter([first]).chain(stream::pending());
    // The early look and the beginning succeed; the first batch does not.
    switch.fail_after(2);
    let write = store.write("a", AsyncWritableContent::from_stream(source));
    let error = write.now_or_never().expect("the write waits").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StorageFull);
}
