using Xunit;

namespace ServerlessCA.Core.Tests.Settings;

/// <summary><c>docs/settings.md</c>. UPDATE_GOLDEN=1 writes it anew.</summary>
public sealed class SettingsPageTests
{
    [Fact]
    public void The_page_of_settings_is_written_from_the_schema()
    {
        string file = Repository.At("docs", "settings.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, SettingsPage.Write());
        }

        Assert.Equal(SettingsPage.Write(), File.ReadAllText(file));
    }
}
