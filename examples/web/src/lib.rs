//! Files of a store over HTTP, streamed both ways: the chapter docs/web.md,
//! running.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::{StreamExt, stream};
use holdall::{AsyncStore, AsyncWritableContent, ErrorKind, WriteOptions};

/// `GET`, `PUT` and `DELETE` of `/files/PATH` on `store`.
pub fn router(store: AsyncStore) -> Router {
    let file = get(download).put(upload).delete(remove);
    Router::new()
        .route("/files/{*path}", file)
        .with_state(store)
}

async fn download(
    State(store): State<AsyncStore>,
    Path(path): Path<String>,
) -> Result<Response, Refusal> {
    let mut content = store.read(&path)?;
    // The status is sent before the body: so the first chunk is fetched here,
    // and with it whatever stands in the way.
    let first = content.next().await.transpose()?;
    let chunks = stream::iter(first.map(Ok)).chain(content);
    Ok(Body::from_stream(chunks).into_response())
}

async fn upload(
    State(store): State<AsyncStore>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let create_only = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|tags| tags == "*");
    let content = AsyncWritableContent::from_stream(body.into_data_stream());
    let options = WriteOptions::new().overwrite(!create_only);
    store.write_with(&path, content, options).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(store): State<AsyncStore>,
    Path(path): Path<String>,
) -> Result<StatusCode, Refusal> {
    store.delete(&path).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A store's error as an answer.
struct Refusal(holdall::Error);

impl From<holdall::Error> for Refusal {
    fn from(error: holdall::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self.0.kind() {
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::AlreadyExists | ErrorKind::Conflict => StatusCode::PRECONDITION_FAILED,
            ErrorKind::PermissionDenied => StatusCode::FORBIDDEN,
            ErrorKind::InvalidPath => StatusCode::BAD_REQUEST,
            ErrorKind::ResourceLocked => StatusCode::LOCKED,
            ErrorKind::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
            ErrorKind::BackendUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let reason = status.canonical_reason().unwrap_or_default();
        (status, reason).into_response()
    }
}
