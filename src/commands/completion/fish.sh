# Completion of lbctl for fish. Save it as ~/.config/fish/completions/lbctl.fish
function __lbctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l before ''
    set -l value $current
    if string match -qr '^--[a-z-]+=' -- $current
        set before (string replace -r '=.*' '=' -- $current)
        set value (string replace -r '^[^=]*=' '' -- $current)
    end
    for line in (command lbctl __complete $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case :files
                for path in (__fish_complete_path "$value")
                    echo $before$path
                end
            case :folders
                for path in (__fish_complete_directories "$value" '')
                    echo $before$path
                end
            case '*'
                echo $before$line
        end
    end
end
complete -c lbctl -f -a '(__lbctl_complete)'
