//! Style sheet, script and icon: named by their content, unpacked at start, served by actix-files, cached for a year.

use std::{
    fs,
    path::{Path, PathBuf},
};

use actix_files::Files;
use actix_web::{
    dev::{ServiceRequest, ServiceResponse, fn_service},
    guard,
    http::header::{CACHE_CONTROL, HeaderValue},
    web::{ServiceConfig, scope},
};

use crate::failure::Failure;

struct Asset {
    name: &'static str,
    content: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Writes the assets below the data folder, so that one binary is all there is to install.
///
/// # Errors
/// A sentence when the folder cannot be written.
pub fn unpack(data: &Path) -> Result<PathBuf, String> {
    let folder = data.join("assets");
    let cannot = |e: std::io::Error| format!("The folder {} cannot be written ({e}): check ROLLCALL_DATA and the folder's rights.", folder.display());
    fs::create_dir_all(&folder).map_err(cannot)?;
    for asset in ASSETS {
        let path = folder.join(asset.name);
        // The name tells the content; only a torn write of an earlier start has another length.
        if fs::metadata(&path).is_ok_and(|file| file.len() == asset.content.len() as u64) {
            continue;
        }
        let torn = folder.join(format!("{}.{}", asset.name, std::process::id()));
        fs::write(&torn, asset.content).and_then(|()| fs::rename(&torn, &path)).map_err(cannot)?;
    }
    Ok(folder)
}

/// Serves the unpacked assets under `/static`.
pub fn serve(folder: PathBuf) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        let files = Files::new("", folder)
            .try_compressed()
            .use_last_modified(false)
            .method_guard(guard::Any(guard::Get()).or(guard::Head()))
            .default_handler(fn_service(|request: ServiceRequest| async { Ok(request.error_response(Failure::NotFound)) }));
        config.service(scope("/static").wrap(actix_web::middleware::from_fn(forever)).service(files));
    }
}

async fn forever(
    request: ServiceRequest,
    next: actix_web::middleware::Next<impl actix_web::body::MessageBody>,
) -> Result<ServiceResponse<impl actix_web::body::MessageBody>, actix_web::Error> {
    let mut answer = next.call(request).await?;
    if answer.status().is_success() {
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    }
    Ok(answer)
}
