//! The container itself.

use reqwest::Method;

use super::AzureClient;
use super::request::Service;
use crate::azure::builder::NAME;
use crate::error::{Error, Result};

impl AzureClient {
    /// Create Container: makes the container, without public access.
    ///
    /// No store makes its container by itself. This is for a program's first
    /// run, and for tests.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](crate::ErrorKind::AlreadyExists) where it is there;
    /// [`BackendUnavailable`](crate::ErrorKind::BackendUnavailable) while one
    /// of that name is being deleted; otherwise what the service refuses.
    ///
    /// <https://learn.microsoft.com/rest/api/storageservices/create-container>
    pub async fn create_container(&self) -> Result<()> {
        let request = self
            .request(Method::PUT, Service::Blob, "")
            .query("restype", "container");
        match self.send_for_headers(&request, |_| ()).await {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::from(error).with_backend(NAME)),
        }
    }

    /// Delete Container: deletes the container with all it holds. Its name
    /// stays taken for half a minute or more.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) where it is absent; otherwise
    /// what the service refuses.
    ///
    /// <https://learn.microsoft.com/rest/api/storageservices/delete-container>
    pub async fn delete_container(&self) -> Result<()> {
        let request = self
            .request(Method::DELETE, Service::Blob, "")
            .query("restype", "container");
        match self.send_for_headers(&request, |_| ()).await {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::from(error).with_backend(NAME)),
        }
    }
}
