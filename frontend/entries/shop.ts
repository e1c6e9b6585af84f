// Makes the pages of a shop quicker to use. Every one of them works without this file: forms post, numbers are typed.
import "../modules/shop/address";
import "../modules/shop/sum";
import "../modules/shop/enter";
import "../modules/shop/countdown";
import "../modules/shop/copy";
import "../modules/shop/here";
import "../modules/shop/opening";
import "../modules/shop/keep";
import "../modules/shop/share";
import "../modules/shop/wait";
