@echo off
rem A double click reads the folder inbox beside this file. Or drop a folder with client lists on it.
if not "%~1"=="" goto dropped
cd /d "%~dp0"
if exist inbox goto run
keeptabs.exe init
echo Put the lists into the folder inbox, then double-click this file again.
goto end
:run
keeptabs.exe run --open
goto end
:dropped
"%~dp0keeptabs.exe" run "%~f1" --out "%~dp1results" --open
:end
pause
