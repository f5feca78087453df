# Runs what a Markdown page shows: in each block "```console" every line "$ COMMAND" is kept and
# followed by what the command prints now; what stood there goes. COMMAND runs in the current folder.
/^```console$/ { shown = 1; print; next }
/^```$/ { shown = 0; print; next }
!shown { print; next }
/^\$ / {
    print
    fflush()
    command = substr($0, 3)
    while ((command | getline line) > 0) print line
    if (close(command) != 0) print "!! exit code of the command"
}
