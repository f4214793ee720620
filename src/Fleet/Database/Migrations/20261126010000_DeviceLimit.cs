using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Seamless.Fleet.Database.Migrations
{
    /// <inheritdoc />
    public partial class DeviceLimit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "Devices",
                table: "fleet_limits",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Devices",
                table: "fleet_limits");
        }
    }
}
