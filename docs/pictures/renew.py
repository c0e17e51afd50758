"""Renews the pictures of the documents from what the program writes: run, rendered by LibreOffice, cropped.

    python docs/pictures/renew.py target/debug/keeptabs

Needs LibreOffice (soffice), poppler (pdftoppm) and Pillow.
"""
import pathlib
import subprocess
import sys
import tempfile

from PIL import Image, ImageChops

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DPI = 130
# header and footer of the printed page, in inches
HEADER, FOOTER = 0.4, 0.55
# picture: result, its printed page, inches of height to keep
PICTURES = {
    "clients": ("inbox/Sales/UK clients.xlsx", 1, 4.92),
    "overview": ("inbox/Client retention summary 2026-11.xlsx", 1, 9.0),
    "first-month": ("first-month/Sales/Key clients.xlsx", 1, 9.0),
    "first-summary": ("first-month/Client retention summary 2026-10.xlsx", 1, 9.0),
}


def run(program, folder):
    """Both inboxes, each into a folder of its own name."""
    config = folder / "first-month.toml"
    config.write_text(
        'currency = "EUR"\n[[mapping]]\nfile = "Sales/Key clients.xlsx"\n'
        'columns = { "Our contacts at the client" = "our_contacts" }\n')
    inboxes = {"inbox": ("2026-11", ROOT / "fixtures/keeptabs.toml"), "first-month": ("2026-10", config)}
    for name, (month, settings) in inboxes.items():
        out = folder / "out" / name
        subprocess.run([program, "run", ROOT / "fixtures" / name, "--out", out, "--month", month, "--config", settings, "-q"], check=True)
        (out / month).rename(folder / name)


def picture(book, page, height, target):
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf",
                        "--outdir", book.parent, book], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pages = book.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page), "-singlefile", "-png",
                    book.with_suffix(".pdf"), pages], check=True)
    image = Image.open(f"{pages}.png").convert("RGB")
    image = image.crop((0, int(HEADER * DPI), image.width, image.height - int(FOOTER * DPI)))
    left, top, right, bottom = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    edge = DPI // 10
    bottom = min(bottom, top + int(height * DPI))
    image = image.crop((left - edge, max(top - edge, 0), right + edge, min(bottom + edge, image.height)))
    image.quantize(64).save(target, optimize=True)
    print(target.relative_to(ROOT), image.size, target.stat().st_size)


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    run(pathlib.Path(sys.argv[1]).resolve(), folder)
    for name, (result, page, height) in PICTURES.items():
        picture(folder / result, page, height, HERE / f"{name}.png")
