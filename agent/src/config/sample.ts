/** A configuration file with every option and its default, as `--sample` prints it. It starts no program. */
export const SAMPLE_CONFIG = `; Sample configuration of fleetvisord. supervisord reads the same file.
;
; - A comment starts with ; or #. After a value it needs a blank before it: "a=b ;comment".
;   This holds inside quotes too: command=sh -c "a ; b" is cut after a.
; - %(ENV_HOME)s is the environment variable HOME, %(here)s the folder of this file. Write %% for a single %.
; - Paths are examples. /tmp is there on every system and is swept on many: choose others.

[unix_http_server]
file=/tmp/supervisor.sock      ; where the control command finds this daemon
;chmod=0700                    ; mode of the socket
;chown=nobody:nogroup          ; owner of the socket
;username=user                 ; ask for a name and a password (default: nobody is asked)
;password=123                  ; plain, or {SHA} and the SHA-1 of the password in hex

; Over TCP whoever reaches the port controls the programs, in clear text.
; Keep it on 127.0.0.1 or set a password, and never open it to the internet.
;[inet_http_server]
;port=127.0.0.1:9001           ; address:port; *:port for all interfaces
;username=user
;password=123

[supervisord]
logfile=/tmp/supervisord.log   ; main log (default supervisord.log in the current folder); syslog for syslog
logfile_maxbytes=50MB          ; size at which it is rotated; 0 for never
logfile_backups=10             ; rotated files to keep
loglevel=info                  ; critical, error, warn, info, debug, trace, blather
pidfile=/tmp/supervisord.pid   ; default supervisord.pid in the current folder
nodaemon=false                 ; true stays in the foreground
silent=false                   ; true does not repeat the main log on stdout
minfds=1024                    ; file descriptors that must be available
minprocs=200                   ; processes that must be available
;umask=022                     ; of the daemon in the background
;user=nobody                   ; run as this user
;identifier=supervisor         ; name this daemon reports
;directory=/tmp                ; folder to change to when going to the background
;nocleanup=false               ; true keeps automatic logs of earlier runs
;childlogdir=/tmp              ; folder of automatic logs (default: the system's folder for temporary files)
;environment=KEY="value"       ; variables for all programs
;strip_ansi=false              ; true drops ANSI escape codes from the output of programs

; Without this section the control command and the web page find nothing to call.
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

; How the control command reaches the daemon: as one of the servers above says.
[supervisorctl]
serverurl=unix:///tmp/supervisor.sock
;serverurl=http://127.0.0.1:9001
;username=user                 ; as in the server's section
;password=123
;prompt=supervisor             ; shown in interactive mode
;history_file=~/.sc_history    ; remembers what was typed

; Joins this host to a Fleetvisor hub. supervisord ignores the section.
;[fleetvisor]
;hub=https://hub.example:8460  ; without it this daemon stands alone
;join_token=                   ; one-time token of the hub, or
;join_token_file=join-token    ; a file that holds it; needed only until the first connection
;identity=fleetvisor-identity.json ; keeps this host's key; default: in the folder of this file
;name=%(host_node_name)s       ; name proposed to the hub
;allow=control                 ; what a hub may do here: observe, control or configure

;[program:theprogramname]
;command=/bin/cat              ; words as in a shell, without a shell; found in PATH
;process_name=%(program_name)s ; with numprocs above 1: %(program_name)s_%(process_num)02d
;numprocs=1                    ; how many copies
;numprocs_start=0              ; number of the first copy
;directory=/tmp                ; folder to start in
;umask=022                     ; default: the daemon's
;priority=999                  ; lower starts earlier and stops later
;autostart=true                ; start with the daemon
;startsecs=1                   ; seconds it must stay up to count as running
;startretries=3                ; failed starts in a row before it is given up
;autorestart=unexpected        ; restart after an exit: true, false, or unless the exit code is expected
;exitcodes=0                   ; expected exit codes
;stopsignal=TERM               ; signal that asks it to stop
;stopwaitsecs=10               ; seconds until it is killed
;stopasgroup=false             ; true signals its whole process group
;killasgroup=false             ; true kills its whole process group
;user=nobody                   ; run as this user
;redirect_stderr=false         ; true sends stderr to stdout
;stdout_logfile=/a/path        ; AUTO, NONE or a path (default AUTO)
;stdout_logfile_maxbytes=50MB  ; size at which it is rotated; 0 for never
;stdout_logfile_backups=10     ; rotated files to keep
;stdout_capture_maxbytes=0     ; most bytes between capture tokens; 0 turns capture off
;stdout_events_enabled=false   ; an event for each write
;stdout_syslog=false           ; to syslog, with the program's name
;stderr_logfile=/a/path        ; and likewise for stderr
;stderr_logfile_maxbytes=50MB
;stderr_logfile_backups=10
;stderr_capture_maxbytes=0
;stderr_events_enabled=false
;stderr_syslog=false
;environment=A="1",B="2"       ; variables for this program
;serverurl=AUTO                ; what it is told to reach this daemon by

; Takes events on stdin and answers on stdout. All options of a program, and:
;[eventlistener:thelistenername]
;command=/bin/eventlistener
;events=PROCESS_STATE,TICK_60  ; required
;buffer_size=10                ; events kept while it is busy
;length_in=bytes               ; or characters, for listeners on supervisor's childutils under Python 3
;priority=-1                   ; before all programs

; Serves FastCGI on a socket that is opened here. All options of a program, and:
;[fcgi-program:thefcginame]
;command=/usr/bin/app.fcgi
;socket=unix:///tmp/app.sock   ; required; or tcp://host:port
;socket_owner=nobody:nogroup   ; unix sockets only
;socket_mode=0700              ; unix sockets only
;socket_backlog=128            ; default: the system's most

; Programs that are started and stopped together.
;[group:thegroupname]
;programs=progname1,progname2
;priority=999

; More files, as if they stood here. They cannot include others.
;[include]
;files=conf.d/*.conf
`;
