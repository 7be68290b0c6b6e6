/** What `-h` prints. */
export const USAGE = `fleetvisorctl -- control applications run by fleetvisord or supervisord from the cmd line.

Usage: %s [options] [action [arguments]]

Options:
-c/--configuration FILENAME -- configuration file path (searches if not given)
-h/--help -- print usage message and exit
-i/--interactive -- start an interactive shell after executing commands
-s/--serverurl URL -- URL on which the server is listening: unix://, http:// or https://
     (default "http://localhost:9001").
-u/--username USERNAME -- username to use for authentication with server
-p/--password PASSWORD -- password to use for authentication with server
-r/--history_file FILENAME -- keep a history of the lines typed in the shell

Beyond supervisorctl:
--json -- print {"verb", "exitStatus", "results"} instead of text; also after the action
--raw -- let escape sequences of processes through to a terminal (a pipe always gets bytes as they are)
--version -- print the version of fleetvisorctl and exit
strays -- an action that shows what processes that ended have left running
status --watch -- keep showing the status as it changes

action [arguments] -- see below

Actions are commands like "tail" or "stop".  If -i is specified or no action is
specified on the command line, a "shell" interpreting actions typed
interactively is started.  Use the action "help" to find out about available
actions, "completion bash", "completion zsh" or "completion fish" for a script
that completes them.

A blank inside a process name is written "\\ ".
`;
