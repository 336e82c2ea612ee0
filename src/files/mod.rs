//! Files that the portal keeps: on this machine's disk, or in a bucket that speaks S3. It knows no noun of the product.

/// Says which cryptography TLS connections use. What is said first holds, so it may be called any number of times.
pub fn choose_cryptography() {
    // Refused only when it was chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
