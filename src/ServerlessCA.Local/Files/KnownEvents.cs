using System.Globalization;
using System.Text;

namespace ServerlessCA.Local.Files;

/// <summary>Remembers of which events folders have files, so that a writer need not list a folder for every event. All writers hold the
/// same <see cref="FolderLock"/> and leave a mark in it: where another one has written meanwhile, the folders are listed again. Files that
/// went away are noticed when somebody asks for their event. Callers take turns.</summary>
internal sealed class KnownEvents
{
    private const int IdDigits = 32; // of the part of a file's name that stands for the event

    private readonly Dictionary<string, HashSet<UInt128>> folders = new(StringComparer.Ordinal);
    private byte[] mark = [];

    /// <summary>Begins a turn.</summary>
    public void Begin(FolderLock turn)
    {
        if (mark.Length == 0 || !turn.Mark.AsSpan().SequenceEqual(mark))
        {
            folders.Clear();
        }
    }

    /// <summary>Says whether a folder has a file of an event.</summary>
    /// <param name="folder">The folder; it exists.</param>
    /// <param name="id">The event's digits.</param>
    /// <param name="pattern">Finds its files.</param>
    public bool Has(string folder, string id, string pattern) =>
        IdsOf(folder).Contains(NumberOf(id)) && Directory.EnumerateFiles(folder, pattern).Any();

    /// <summary>Notes that a file was written.</summary>
    public void Add(string folder, string id) => IdsOf(folder).Add(NumberOf(id));

    /// <summary>Ends a turn in which something was written.</summary>
    public void End(FolderLock turn)
    {
        mark = Encoding.ASCII.GetBytes(Path.GetRandomFileName()); // no other writer's
        turn.Mark = mark;
    }

    /// <summary>Forgets everything, as after a turn that failed.</summary>
    public void Forget() => mark = [];

    private HashSet<UInt128> IdsOf(string folder)
    {
        if (!folders.TryGetValue(folder, out HashSet<UInt128>? ids))
        {
            folders[folder] = ids = [];
            foreach (string path in Directory.EnumerateFiles(folder, "*.json"))
            {
                AddIds(Path.GetFileNameWithoutExtension(path.AsSpan()), ids);
            }
        }

        return ids;
    }

    // Any part of the right form counts: one too many costs a look into the folder.
    private static void AddIds(ReadOnlySpan<char> name, HashSet<UInt128> ids)
    {
        foreach (Range part in name.Split('-'))
        {
            if (name[part].Length == IdDigits && UInt128.TryParse(name[part], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 id))
            {
                ids.Add(id);
            }
        }
    }

    private static UInt128 NumberOf(string id) => UInt128.Parse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
