//! Whose certificates the mail server may show.

use lettre::transport::smtp::client::{Certificate, TlsParameters};

use super::{Encryption, SmtpAddress};

/// What to trust, read once: loading the system's authorities takes longer than a mail.
pub(super) fn trust(address: &SmtpAddress) -> Result<Option<TlsParameters>, String> {
    if address.encryption == Encryption::No {
        return Ok(None);
    }
    let mut tls = TlsParameters::builder(address.host.clone());
    // Where plain text would do, a certificate nobody signed does no harm; a local Postfix has one like that.
    tls = tls.dangerous_accept_invalid_certs(address.encryption == Encryption::IfOffered && address.ca.is_none());
    if let Some(path) = &address.ca {
        let cannot = |why: String| format!("ROLLCALL_SMTP_URL: the ca file {} {why}. Name a PEM file of certificates.", path.display());
        let pem = std::fs::read(path).map_err(|error| cannot(format!("cannot be read: {error}")))?;
        if !pem.windows(11).any(|window| window == b"BEGIN CERTI") {
            return Err(cannot("holds no certificate".into()));
        }
        let authority = Certificate::from_pem(&pem).map_err(|error| cannot(format!("is damaged: {error}")))?;
        tls = tls.add_root_certificate(authority);
    }
    tls.build().map(Some).map_err(|error| format!("TLS cannot be set up for the mail server: {error}"))
}
