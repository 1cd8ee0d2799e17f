# Completion of serverless-ca for fish. Made by: serverless-ca completion fish

function __serverless_ca_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    set -e words[1]
    command -q -- $program; or return
    for reply in ($program '[suggest]' $words "$current" 2>/dev/null)
        set -l parts (string split -m 1 \t -- $reply)
        set -l path (string sub -s (math (string length -- "$parts[2]") + 1) -- "$current")
        switch $parts[1]
            case ':files'
                __fish_complete_path "$path" | string replace -r '^' -- "$parts[2]"
            case ':folders'
                __fish_complete_directories "$path" '' | string replace -r '^' -- "$parts[2]"
            case '*'
                printf '%s\n' $reply
        end
    end
end

complete -c serverless-ca -f -a '(__serverless_ca_complete)'
