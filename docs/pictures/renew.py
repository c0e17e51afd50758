"""Renews the pictures of the documents from what the program writes: run, rendered by LibreOffice, cropped; and from what it
prints on a terminal, drawn letter by letter.

    python docs/pictures/renew.py target/debug/keeptabs

Needs Linux, LibreOffice (soffice), poppler (pdftoppm), Pillow and the DejaVu fonts.
"""
import fcntl
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios

from PIL import Image, ImageChops, ImageDraw, ImageFont

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


# a terminal: columns, size of the letters, colours of the theme
COLUMNS, LETTERS = 92, 17
PAPER, INK, DIM = "#fbfbf8", "#24292f", "#6e7781"
COLOURS = {31: "#c0242c", 32: "#1a7f37", 33: "#9a6700"}
# what is typed in the folder of the first month
TYPED = [["run", "--month", "2026-10"], ["client", "petersen"]]


def printed(program, folder, arguments):
    """What a terminal is sent; progress, which would be gone by then, is left away."""
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm-256color"}
    child = subprocess.Popen([program, *arguments], cwd=folder, stdout=writer, stderr=subprocess.DEVNULL, env=environment)
    os.close(writer)
    text = b""
    while True:
        try:
            part = os.read(reader, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        text += part
    child.wait()
    return text.decode().replace("\r\n", "\n").rstrip("\n")


def terminal(program, folder, target):
    shutil.copytree(ROOT / "fixtures/first-month", folder / "inbox")
    session = [f"\x1b[1m$ keeptabs {' '.join(typed)}\x1b[0m\n{printed(program, folder, typed)}" for typed in TYPED]
    lines = []
    for line in "\n\n".join(session).split("\n"):
        # what is too long is broken where a terminal breaks it
        room, current = COLUMNS, ""
        for piece in re.findall(r"\x1b\[[0-9;]*m|.", line):
            if not piece.startswith("\x1b"):
                if room == 0:
                    lines.append(current)
                    room, current = COLUMNS, ""
                room -= 1
            current += piece
        lines.append(current)
    fonts = [ImageFont.truetype(f"DejaVuSansMono{weight}.ttf", LETTERS) for weight in ("", "-Bold")]
    wide, high, edge = fonts[0].getlength("m"), round(LETTERS * 1.35), LETTERS
    image = Image.new("RGB", (round(COLUMNS * wide) + 2 * edge, len(lines) * high + 2 * edge), PAPER)
    draw = ImageDraw.Draw(image)
    bold, colour = False, INK
    for row, line in enumerate(lines):
        at = 0
        for piece in re.findall(r"\x1b\[[0-9;]*m|[^\x1b]+", line):
            if not piece.startswith("\x1b"):
                draw.text((edge + at * wide, edge + row * high), piece, colour, fonts[bold])
                at += len(piece)
                continue
            for code in map(int, piece[2:-1].split(";")):
                bold, colour = {0: (False, INK), 1: (True, colour), 2: (bold, DIM)}.get(code, (bold, COLOURS.get(code, colour)))
    image.quantize(128, method=Image.Quantize.FASTOCTREE).save(target, optimize=True)
    print(target.relative_to(ROOT), image.size, target.stat().st_size)


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
    (folder / "terminal").mkdir()
    terminal(pathlib.Path(sys.argv[1]).resolve(), folder / "terminal", HERE / "terminal.png")
