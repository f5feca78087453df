# The examples of a manual page: the lines of its literal displays, without mdoc's escapes.
/^\.Bd -literal/ { shown = 1; next }
/^\.Ed/ { shown = 0; next }
shown {
    sub(/^\\&/, "")
    gsub(/\\\[u2026\]/, "…")
    gsub(/\\e/, "\\")
    print
}
