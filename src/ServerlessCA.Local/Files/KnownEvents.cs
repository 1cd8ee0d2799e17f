using System.Globalization;
using System.Text;

namespace ServerlessCA.Local.Files;

/// <summary>Remembers of which events folders have files, so that a writer need not list a folder for every event. All writers hold the
/// same <see cref="FolderLock"/> and leave a mark in it: where another one has written meanwhile, the folders are listed again. Files that
/// went away are noticed when somebody asks for their event.</summary>
internal sealed class KnownEvents
{
    private const int IdDigits = 32; // of the part of a file's name that stands for the event

    private readonly Dictionary<string, HashSet<UInt128>> folders = new(StringComparer.Ordinal);
    private byte[] mark = [];

    /// <summary>Has one turn: creates a folder if there is none, and writes while nobody else does. A caller has one turn at a time.</summary>
    /// <param name="folder">The folder of the lock, which holds the files, or the folders with them.</param>
    /// <param name="write">Writes, and says whether anything was written. If it throws, everything is forgotten.</param>
    public async Task TakeTurnAsync(string folder, Func<bool> write)
    {
        DurableFolder.Create(folder, Access.OwnerFolder);
        using FolderLock turn = await FolderLock.TakeAsync(folder, FolderLock.Timeout, CancellationToken.None);
        if (mark.Length == 0 || !turn.Mark.AsSpan().SequenceEqual(mark))
        {
            folders.Clear();
        }

        try
        {
            if (write())
            {
                mark = Encoding.ASCII.GetBytes(Path.GetRandomFileName()); // no other writer's
                turn.Mark = mark;
            }
        }
        catch
        {
            mark = [];
            throw;
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
