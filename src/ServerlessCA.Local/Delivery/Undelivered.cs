using System.Text.Json;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Delivery;

/// <summary>The folder of events that were given up: each with the target and the last error, for a person to look at.
/// To try one again, move it back into <c>pending/{target}</c>.</summary>
/// <param name="folder">It is made with the first event.</param>
/// <param name="clock">Dates the files.</param>
internal sealed class Undelivered(string folder, TimeProvider clock)
{
    /// <summary>Puts a waiting event aside. When this is cut short, the event is in both folders, never in none.</summary>
    /// <exception cref="IOException">It cannot be moved and stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Take(string path, string targetId, string targetName, string error)
    {
        DurableFolder.Create(folder, Access.OwnerFolder);
        string name = $"{Path.GetFileNameWithoutExtension(path)}-{targetId}.json";
        try
        {
            byte[] content = EventFile.Write(
                EventFile.Read(path), ("Target", targetName), ("Error", error), ("GivenUp", EventFile.Text(clock.GetUtcNow())));
            AtomicFile.Replace(Path.Combine(folder, name), content, Access.OwnerFile);
            File.Delete(path);
        }
        catch (JsonException)
        {
            // No event: kept as it is, under a name that nothing reads as one.
            File.Move(path, Path.Combine(folder, $"{name}.unreadable"), overwrite: true);
        }
    }
}
