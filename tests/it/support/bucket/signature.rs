//! Does a request carry the signature that S3 asks for (AWS4-HMAC-SHA256)?

use actix_web::{HttpRequest, web::Bytes};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Recomputes it over the request as it came.
pub fn holds(request: &HttpRequest, body: &Bytes, (id, secret): (&str, &str), region: &str) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let part = |name: &str| header("authorization").split([',', ' ']).find_map(|part| part.strip_prefix(name)).unwrap_or_default();
    let date = header("x-amz-date").get(..8).unwrap_or_default();
    let scope = format!("{date}/{region}/s3/aws4_request");
    if part("Credential=") != format!("{id}/{scope}") || header("x-amz-content-sha256") != hex(&Sha256::digest(body)) {
        return false;
    }
    let mut query: Vec<&str> = request.query_string().split('&').filter(|pair| !pair.is_empty()).collect();
    query.sort_unstable();
    let signed = part("SignedHeaders=");
    let headers: String = signed.split(';').map(|name| format!("{name}:{}\n", header(name).trim())).collect();
    let asked = [request.method().as_str(), request.path(), &query.join("&"), &headers, signed, header("x-amz-content-sha256")].join("\n");
    let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{}", header("x-amz-date"), hex(&Sha256::digest(asked)));
    let key = [region, "s3", "aws4_request"].iter().fold(hmac(format!("AWS4{secret}").as_bytes(), date), |key, part| hmac(&key, part));
    part("Signature=") == hex(&hmac(&key, &text))
}
