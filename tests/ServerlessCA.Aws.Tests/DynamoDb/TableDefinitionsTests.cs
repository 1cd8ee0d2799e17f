using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Checks that docs/table.md describes the tables of DynamoDB as they are.</summary>
public sealed partial class TableDefinitionsTests
{
    private static readonly LedgerTables Names = new("certificates", "index");

    [Fact]
    public void The_page_has_every_attribute_of_a_row_with_its_type()
    {
        CertificateRecord whole = Some.Record() with { Source = IssueSource.Direct, Revoked = new CertificateRevocation(Some.Time), ExpiryReminders = [Some.Time] };
        Dictionary<string, AttributeValue> item = RowItem.Of(whole);
        item[Attributes.CrlNumber] = RowItem.Of(Some.CaRecord())[Attributes.CrlNumber];

        Assert.Equal(
            item.Select(attribute => $"{attribute.Key} {TypeOf(attribute.Value)}").Order(StringComparer.Ordinal),
            TablePage.Rows("DynamoDB: certificates", "attribute").Select(row => $"{row[0]} {row[1]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_has_every_attribute_that_the_code_names_and_no_other()
    {
        IEnumerable<string> named = typeof(Attributes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral && !field.Name.EndsWith("Index", StringComparison.Ordinal)).Select(field => (string)field.GetRawConstantValue()!);
        IEnumerable<string> shown = TablePage.Rows("DynamoDB: certificates", "attribute").Concat(TablePage.Rows("DynamoDB: index", "attribute")).Select(row => row[0]);

        Assert.Equal(named.Order(StringComparer.Ordinal), shown.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_has_every_kind_of_item_of_the_index_table()
    {
        string[] ids = [Keys.Key(Some.Key("a").Hash), Keys.Token("a"), Keys.Once("a"), Keys.Name("a"), Keys.Mark("a"), Keys.Event("a"), Keys.History("a")];

        Assert.Equal(ids.Select(Prefix), TablePage.Rows("DynamoDB: index", "`Id`").Select(row => Prefix(row[0])));

        static string Prefix(string id) => id[..(id.IndexOf('#', StringComparison.Ordinal) + 1)];
    }

    [Fact]
    public void Page_code_and_Terraform_have_the_same_keys_indexes_and_time_to_live()
    {
        string[] shown = [.. IndexesOf("DynamoDB: certificates"), .. IndexesOf("DynamoDB: index")];
        CreateTableRequest[] made = [TableDefinitions.Certificates(Names), TableDefinitions.Index(Names)];
        string terraform = File.ReadAllText(Repository.At("terraform", "tables.tf"));

        Assert.Equal(made.SelectMany(table => table.GlobalSecondaryIndexes).Select(Text), shown);
        Assert.Equal(TerraformIndex().Matches(terraform).Select(index =>
            $"{index.Groups["name"]} {index.Groups["hash"]}/{index.Groups["range"]} {index.Groups["copies"]}"), shown);
        Assert.Equal(
            made.SelectMany(table => table.AttributeDefinitions.Select(attribute => $"{attribute.AttributeName} {attribute.AttributeType}")),
            TerraformAttribute().Matches(terraform).Select(attribute => $"{attribute.Groups[1]} {attribute.Groups[2]}"));
        Assert.Contains($"`{TableDefinitions.TimeToLiveAttribute}` | N | seconds since 1970 after which DynamoDB may forget the item", TablePage.Text, StringComparison.Ordinal);
        Assert.Contains($"attribute_name = \"{TableDefinitions.TimeToLiveAttribute}\"", terraform, StringComparison.Ordinal);
    }

    [Fact]
    public void The_row_of_the_original_that_the_page_shows_is_read_as_that_of_a_CA()
    {
        using var shown = JsonDocument.Parse(TablePage.Text.Split("```json\n")[1].Split("```")[0]);
        var item = shown.RootElement.EnumerateObject().ToDictionary(attribute => attribute.Name, attribute => ValueOf(attribute.Value.EnumerateObject().Single()));

        CertificateRecord row = new RowReader(Names.Certificates).Read(item);

        Assert.Equal(("serverless-root-ca-dev", true, 0, null), (row.CommonName, row.IsCa, row.CrlNumber, row.NotifyExpiry));
        Assert.StartsWith("-----BEGIN CERTIFICATE-----\n", row.CertificatePem, StringComparison.Ordinal);
    }

    private static AttributeValue ValueOf(JsonProperty value) => value.Name switch
    {
        "B" => new() { B = new MemoryStream(value.Value.GetBytesFromBase64()) },
        "N" => new() { N = value.Value.GetString() },
        _ => new() { S = value.Value.GetString() },
    };

    private static IEnumerable<string> IndexesOf(string section) =>
        TablePage.Rows(section, "index").Select(row => $"{row[0]} {row[1]}/{row[2]} {row[3]}");

    private static string Text(GlobalSecondaryIndex index) =>
        $"{index.IndexName} {index.KeySchema[0].AttributeName}/{index.KeySchema.ElementAtOrDefault(1)?.AttributeName} {index.Projection.ProjectionType}";

    private static string TypeOf(AttributeValue value) =>
        value.S is not null ? "S" : value.N is not null ? "N" : value.B is not null ? "B" : value.BOOL is not null ? "BOOL" : "L of S";

    [GeneratedRegex("""global_secondary_index \{\s+name\s+= "(?<name>\w+)"\s+hash_key\s+= "(?<hash>\w+)"\s+(range_key\s+= "(?<range>\w+)"\s+)?projection_type\s+= "(?<copies>\w+)""")]
    private static partial Regex TerraformIndex();

    [GeneratedRegex("""attribute \{\s+name\s+= "(\w+)"\s+type\s+= "(\w)""")]
    private static partial Regex TerraformAttribute();
}
