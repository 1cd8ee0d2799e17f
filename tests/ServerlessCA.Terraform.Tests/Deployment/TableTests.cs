using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Core.Settings;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Deployment;

/// <summary>Checks that Terraform creates the tables that the code expects.</summary>
public sealed class TableTests(DeployedModule module)
{
    private static readonly LedgerTables Tables = LedgerTables.Of(new CaNames("serverless", "dev", ["prd", "prod"]));

    [Fact]
    public async Task The_table_of_certificates_is_as_the_code_defines_it() =>
        Assert.Equal(Text(TableDefinitions.Certificates(Tables)), Text(await module.ResourceAsync("aws_dynamodb_table.ca")));

    [Fact]
    public async Task The_index_table_is_as_the_code_defines_it() =>
        Assert.Equal(Text(TableDefinitions.Index(Tables)), Text(await module.ResourceAsync("aws_dynamodb_table.index")));

    [Fact]
    public async Task Items_of_the_index_table_are_forgotten_by_the_attribute_that_the_code_writes()
    {
        Resource table = await module.ResourceAsync("aws_dynamodb_table.index");

        JsonElement ttl = table.Values.GetProperty("ttl").EnumerateArray().Single();

        Assert.Equal(TableDefinitions.TimeToLiveAttribute, ttl.GetProperty("attribute_name").GetString());
        Assert.True(ttl.GetProperty("enabled").GetBoolean());
    }

    [Theory]
    [InlineData("aws_dynamodb_table.ca")]
    [InlineData("aws_dynamodb_table.index")]
    public async Task A_table_can_be_restored_and_is_encrypted_with_the_stacks_key(string address)
    {
        Resource table = await module.ResourceAsync(address);
        Resource key = await module.ResourceAsync("aws_kms_key.tls_keygen");

        Assert.True(table.Values.GetProperty("point_in_time_recovery")[0].GetProperty("enabled").GetBoolean());
        Assert.Equal(key.Text("arn"), table.Values.GetProperty("server_side_encryption")[0].GetProperty("kms_key_arn").GetString());
    }

    private static string Text(CreateTableRequest table)
    {
        IEnumerable<string> attributes = table.AttributeDefinitions.Select(attribute => $"{attribute.AttributeName} {attribute.AttributeType}");
        IEnumerable<string> indexes = (table.GlobalSecondaryIndexes ?? []).Select(index =>
            $"{index.IndexName} ({Key(index.KeySchema)}) {index.Projection.ProjectionType} {Copied(index.Projection.NonKeyAttributes)}");
        return Text(table.TableName, table.BillingMode, Key(table.KeySchema), attributes, indexes);
    }

    private static string Text(Resource table)
    {
        IEnumerable<string> attributes = table.Values.GetProperty("attribute").EnumerateArray()
            .Select(attribute => $"{attribute.GetProperty("name").GetString()} {attribute.GetProperty("type").GetString()}");
        IEnumerable<string> indexes = table.Values.GetProperty("global_secondary_index").EnumerateArray().Select(index =>
            $"{index.GetProperty("name").GetString()} ({Key(index)}) {index.GetProperty("projection_type").GetString()} {Copied(index.GetProperty("non_key_attributes"))}");
        return Text(table.Text("name"), table.Text("billing_mode"), Key(table.Values), attributes, indexes);
    }

    private static string Text(string name, string billing, string key, IEnumerable<string> attributes, IEnumerable<string> indexes) =>
        $"{name} {billing} ({key}) {string.Join(", ", attributes.Order(StringComparer.Ordinal))} {string.Join(", ", indexes.Order(StringComparer.Ordinal))}";

    private static string Copied(JsonElement attributes) =>
        Copied(attributes.ValueKind == JsonValueKind.Array ? attributes.EnumerateArray().Select(one => one.GetString()!) : []);

    private static string Copied(IEnumerable<string>? attributes) => string.Join(' ', (attributes ?? []).Order(StringComparer.Ordinal));

    private static string Key(List<KeySchemaElement> key) => string.Join(' ', key.Select(part => part.AttributeName));

    private static string Key(JsonElement keyed) => string.Join(' ', new[] { "hash_key", "range_key" }
        .Select(name => keyed.GetProperty(name).GetString()).Where(name => !string.IsNullOrEmpty(name)));
}
